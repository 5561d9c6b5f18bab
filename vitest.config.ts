import { defineConfig } from "vitest/config";

/** Unit and adapter tests run side by side; end-to-end tests start whole installations, so one at a time. */
export default defineConfig({
  test: {
    globalSetup: "test/setup.ts",
    // Engines, databases and browsers are real, and so are their rare hiccups. What passes only at the second
    // try is named at the end: a test that is named twice is a bug.
    retry: 1,
    reporters: ["default", "./test/count-reporter.ts"],
    projects: [
      {
        extends: true,
        test: {
          name: "parts",
          include: ["test/**/*.test.ts"],
          exclude: ["test/e2e/**", "test/world/repositories/**", "test/eval/tasks/**"],
          testTimeout: 120_000,
          hookTimeout: 180_000,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: "road",
          include: ["test/e2e/**/*.test.ts"],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
