import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { type ReportFormat, readReport } from "../../../../src/healing/reports/read-report.ts";

const recorded = (name: string) =>
  readFile(new URL(`../../../fixtures/reports/${name}`, import.meta.url));

describe("what a runner wrote is counted as it counts itself", () => {
  const reports: readonly (readonly [string, ReportFormat, object])[] = [
    // "1 failed, 4 passed, 1 skipped, 1 xfailed, 2 errors": one passed and could not be cleaned up
    ["pytest.xml", "junit", { format: "pytest-junit", passed: 3, failed: 3, skipped: 2 }],
    // A test with subtests is a suite in Node's JUnit.
    ["node-test.xml", "junit", { format: "junit", passed: 4, failed: 1, skipped: 3 }],
    ["vitest.xml", "junit", { format: "junit", passed: 3, failed: 1, skipped: 2 }],
    // "pass 5, fail 1, skipped 2, todo 1", and a test that prints "# pass 999"
    ["node-test.tap", "tap", { format: "tap", passed: 5, failed: 1, skipped: 3 }],
    ["tape.tap", "tap", { format: "tap", passed: 2, failed: 1, skipped: 1 }],
    ["mocha.tap", "tap", { format: "tap", passed: 1, failed: 1, skipped: 2 }],
    // "Tests=6", of two files
    ["prove-verbose.txt", "tap", { format: "tap", passed: 3, failed: 1, skipped: 2 }],
    // "1 failed | 2 passed | 1 expected fail | 1 skipped | 1 todo"
    ["vitest.json", "jest-json", { format: "jest-json", passed: 3, failed: 1, skipped: 2 }],
    // "1 failed, 1 skipped, 1 todo, 2 passed"
    ["jest.json", "jest-json", { format: "jest-json", passed: 2, failed: 1, skipped: 2 }],
    ["go-test.jsonl", "go-test-json", { format: "go-test-json", passed: 2, failed: 1, skipped: 1 }],
  ];

  it.each(reports)("%s", async (name, format, totals) => {
    expect(readReport(format, await recorded(name))).toEqual(totals);
  });

  it.each(reports)("%s, but not when it is cut off", async (name, format) => {
    const whole = await recorded(name);
    // Within the first of several streams: that there are more, nobody says.
    const cut = whole.subarray(0, whole.length / 10);

    expect(readReport(format, cut)).toBeUndefined();
  });

  it.each(reports)("%s is no report of any other kind", async (name, own) => {
    const others = (["junit", "tap", "jest-json", "go-test-json"] as const).filter(
      (format) => format !== own,
    );
    const report = await recorded(name);

    expect(others.map((format) => readReport(format, report))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
