import { rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { SandboxSession } from "../../../src/core/sandbox.ts";
import type { ReportPlan } from "../../../src/healing/reports/runner.ts";
import { runCheck } from "../../../src/pipeline/run-check.ts";
import { folderSession } from "../../fakes/folder-session.ts";

const FOUR = `import test from "node:test";
test("adds", () => {});
test("is broken", () => { throw new Error("no"); });
test("later", { skip: true }, () => {});
`;

async function sessionOf(files: Readonly<Record<string, string>> = {}) {
  const session = await folderSession(files);
  onTestFinished(() => rm(session.folder, { recursive: true, force: true }));
  return { session, report: join(session.folder, "report") };
}

function planFor(report: string, changes: Partial<ReportPlan> = {}): ReportPlan {
  return { file: { path: report, format: "tap" }, ...changes };
}

describe("a check with a report", () => {
  it("shows its counts and the command that the repository wrote", async () => {
    const { session, report } = await sessionOf({ "a.test.mjs": FOUR });
    const flags = `--test-reporter=spec --test-reporter-destination=stdout --test-reporter=tap --test-reporter-destination='${report}'`;
    const plan = planFor(report, { command: `node --test ${flags}` });

    const result = await runCheck({ name: "test", command: "node --test" }, { session, plan });

    expect(result).toMatchObject({
      name: "test",
      command: "node --test",
      passed: false,
      exitCode: 1,
      tests: { format: "tap", passed: 1, failed: 1, skipped: 1 },
    });
    expect(result.output).toContain("is broken");
    expect(result.output).not.toContain("TAP version");
  });

  it("keeps its exit code against all its counts", async () => {
    const { session, report } = await sessionOf();
    const lie = `printf 'TAP version 13\\n1..1\\nok 1\\n' > '${report}'`;
    const plan = planFor(report);

    const red = await runCheck({ name: "red", command: `${lie}; exit 1` }, { session, plan });
    const broken = `printf 'TAP version 13\\n1..1\\nnot ok 1\\n' > '${report}'`;
    const green = await runCheck({ name: "green", command: broken }, { session, plan });

    expect(red).toMatchObject({ passed: false, tests: { passed: 1, failed: 0 } });
    expect(green).toMatchObject({ passed: true, tests: { passed: 0, failed: 1 } });
  });

  it.each([
    ["that was not written", "true"],
    ["that is empty", ": > report"],
    ["that is cut off", "printf 'TAP version 13\\n1..2\\nok 1\\n' > report"],
    ["that is a folder", "mkdir report"],
  ])("%s has none, and is no less green", async (_name, command) => {
    const { session, report } = await sessionOf();

    const result = await runCheck({ name: "x", command }, { session, plan: planFor(report) });

    expect(result.passed).toBe(true);
    expect(result).not.toHaveProperty("tests");
  });

  it("that cannot be fetched keeps its result", async () => {
    const { session, report } = await sessionOf();
    const readFile = () => Promise.reject(new Error("The container is gone."));
    const way = { session: { ...session, readFile }, plan: planFor(report) };

    const result = await runCheck({ name: "x", command: "exit 7" }, way);

    expect(result).toMatchObject({ passed: false, exitCode: 7 });
    expect(result).not.toHaveProperty("tests");
  });
});

describe("a check whose output is its report", () => {
  const output = "> test\nTAP version 13\nok 1\nnot ok 2\n1..2\n";
  const plan: ReportPlan = { stdout: "tap" };
  const ended = { exitCode: 0, ending: "exited", durationMs: 1, output, truncated: false } as const;
  const counted = async (result: Awaited<ReturnType<SandboxSession["run"]>>) => {
    const { session } = await sessionOf();
    const way = { session: { ...session, run: async () => result }, plan };
    return (await runCheck({ name: "x", command: "tape" }, way)).tests;
  };

  it("is counted from that", async () => {
    expect(await counted(ended)).toEqual({ format: "tap", passed: 1, failed: 1, skipped: 0 });
  });

  it.each([
    ["its middle was dropped", { truncated: true }],
    ["it ran out of time", { ending: "timeout" }],
    ["it ran out of memory", { ending: "out-of-memory" }],
  ] as const)("is not counted where %s", async (_name, changes) => {
    expect(await counted({ ...ended, ...changes })).toBeUndefined();
  });
});
