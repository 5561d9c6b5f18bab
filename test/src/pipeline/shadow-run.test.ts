import { describe, expect, it } from "vitest";
import type { Check } from "../../../src/core/plan.ts";
import type { Sandbox, SandboxSession } from "../../../src/core/sandbox.ts";
import { shadowRun } from "../../../src/pipeline/shadow-run.ts";
import { watchedBench } from "./watched-bench.ts";

const check = (command: string): Check => ({ name: command, command });

async function running(
  checks: readonly Check[],
  sandbox?: Sandbox,
  files: Readonly<Record<string, string>> = { "a.txt": "no\n" },
) {
  const { bench, mirror, upstream, opened, warmed, signal } = await watchedBench({ files });
  const commit = upstream.main;
  const run = { sandbox: sandbox ?? bench.sandbox, mirror, taskId: "t", base: commit, commit };
  const evidence = await shadowRun({ ...run, checks }, signal);
  return { evidence, opened, warmed, commit, tree: await mirror.treeOf(commit) };
}

describe("evidence", () => {
  it("names what ran, where, and how it ended", async () => {
    const { evidence, commit, tree } = await running([check("echo fine"), check("cat a.txt")]);

    expect(evidence).toMatchObject({
      base: commit,
      commit,
      tree,
      image: `sha256:${"0".repeat(64)}`,
      passed: true,
      checks: [
        { name: "echo fine", command: "echo fine", exitCode: 0, passed: true, output: "fine\n" },
        { name: "cat a.txt", exitCode: 0, passed: true, output: "no\n" },
      ],
    });
  });

  it("is red where one check is, whatever that check says", async () => {
    const { evidence } = await running([check("true"), check("echo All 5 tests passed; exit 3")]);

    expect(evidence.passed).toBe(false);
    expect(evidence.checks.map(({ passed, exitCode }) => [passed, exitCode])).toEqual([
      [true, 0],
      [false, 3],
    ]);
  });

  it("of nothing proves nothing", async () => {
    const { evidence } = await running([]);

    expect(evidence).toMatchObject({ passed: false, checks: [] });
  });

  it.each(["timeout", "out-of-memory"] as const)(
    "is red after a %s, also with exit code 0",
    async (ending) => {
      const ended = { exitCode: 0, ending, durationMs: 1, output: "", truncated: false };
      const sandbox: Sandbox = {
        warm: () => undefined,
        cool: async () => undefined,
        release: async () => undefined,
        open: async () => ({
          image: "sha256:1",
          readFile: async () => undefined,
          hold: async () => "",
          run: async () => ended,
          changes: async () => [],
          [Symbol.asyncDispose]: async () => undefined,
        }),
      };

      const { evidence } = await running([check("true")], sandbox);

      expect(evidence).toMatchObject({ passed: false, checks: [{ passed: false, ending }] });
    },
  );
});

it("is of one image: where that changes between two checks, it has to be made again", async () => {
  const images = ["sha256:1", "sha256:1", "sha256:2"];
  const { sandbox, ran } = recordingSandbox({ images });

  const evidence = running([check("first"), check("second"), check("third")], sandbox);

  await expect(evidence).rejects.toMatchObject({ code: "sandbox.unavailable", retryable: true });
  expect(ran.map(([command]) => command)).toEqual(["first", "second"]);
});

it("what one check leaves behind does not help the next", async () => {
  const { evidence, opened } = await running([
    check("echo yes > a.txt; touch left-behind"),
    check("test ! -e left-behind && grep -qx no a.txt"),
  ]);

  expect(evidence.passed).toBe(true);
  expect(opened).toHaveLength(2);
});

it("the next check's container starts while a check runs, and none after the last", async () => {
  const { opened, warmed } = await running([check("true"), check("true"), check("false")]);

  expect(opened).toHaveLength(3);
  expect(warmed).toEqual(opened.slice(0, 2));
});

it("each check's result is told while its session is open, once for each check", async () => {
  const told: [string, boolean][] = [];
  const { bench, mirror, upstream, signal } = await watchedBench({ files: { "a.txt": "no\n" } });
  const commit = upstream.main;
  const run = { sandbox: bench.sandbox, mirror, taskId: "t", base: commit, commit };

  await shadowRun(
    {
      ...run,
      checks: [check("true"), check("false")],
      async afterCheck({ name, passed }, session) {
        told.push([name, passed]);
        await session.hold("it is still open");
      },
    },
    signal,
  );

  expect(told).toEqual([
    ["true", true],
    ["false", false],
  ]);
});

it("a check runs in a shell of its own, as it is written", async () => {
  const { evidence } = await running([check('for x in 1 2; do printf "%s;" "$x"; done | cat')]);

  expect(evidence.checks[0]?.output).toBe("1;2;");
});

describe("a runner that can report", () => {
  const packageJson = (script: string) =>
    JSON.stringify({ scripts: { test: script }, devDependencies: { vitest: "5" } });
  const FLAGS = "--reporter=default --reporter=json --outputFile.json=/tmp/nexus-vitest.json";

  it("is asked to, and its counts are shown with the command as it is written", async () => {
    const report = {
      numTotalTests: 3,
      numPassedTests: 2,
      numFailedTests: 0,
      numPendingTests: 1,
    };
    const { sandbox, ran } = recordingSandbox({ report: JSON.stringify(report) });
    const files = { "package.json": packageJson("vitest run") };

    const { evidence } = await running([check("npm test")], sandbox, files);

    expect(ran).toEqual([[`npm test -- ${FLAGS}`, undefined]]);
    expect(evidence.checks[0]).toMatchObject({
      command: "npm test",
      passed: true,
      tests: { format: "jest-json", passed: 2, failed: 0, skipped: 1 },
    });
  });

  it("is left alone where the repository has reporters of its own", async () => {
    const { sandbox, ran } = recordingSandbox();
    const files = {
      "package.json": packageJson("vitest run"),
      "vite.config.mts": 'export default { test: { reporters: ["./strict.ts"] } };',
    };

    await running([check("npm test")], sandbox, files);

    expect(ran).toEqual([["npm test", undefined]]);
  });

  it("runs as it is written, in a new container, where it refuses to", async () => {
    const { sandbox, ran, opened } = recordingSandbox({ refusal: 4 });

    const { evidence } = await running([check("pytest")], sandbox);

    expect(ran).toEqual([
      ["pytest --junitxml=/tmp/nexus-pytest.xml", undefined],
      ["pytest", undefined],
    ]);
    expect(opened()).toBe(2);
    expect(evidence.checks).toMatchObject([{ exitCode: 0, passed: true }]);
  });
});

/** Keeps what it is to run with which variables; whoever asks for a report is refused. */
function recordingSandbox(
  answers: { report?: string; refusal?: number; images?: readonly string[] } = {},
) {
  const ran: [string | undefined, Readonly<Record<string, string>> | undefined][] = [];
  let opened = 0;
  const session: SandboxSession = {
    image: "sha256:1",
    readFile: async () =>
      answers.report === undefined ? undefined : new TextEncoder().encode(answers.report),
    hold: async () => "2030-01-01T00:00:00.000Z",
    async run([, , command], { env } = {}) {
      ran.push([command, env]);
      const exitCode = command?.includes("/tmp/nexus-") ? (answers.refusal ?? 0) : 0;
      return { exitCode, ending: "exited", durationMs: 1, output: "", truncated: false };
    },
    changes: async () => [],
    [Symbol.asyncDispose]: async () => undefined,
  };
  const sandbox: Sandbox = {
    warm: () => undefined,
    cool: async () => undefined,
    release: async () => undefined,
    async open() {
      opened++;
      return { ...session, image: answers.images?.[opened - 1] ?? session.image };
    },
  };
  return { sandbox, ran, opened: () => opened };
}
