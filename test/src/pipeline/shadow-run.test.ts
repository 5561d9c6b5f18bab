import { describe, expect, it } from "vitest";
import type { Check } from "../../../src/core/plan.ts";
import type { Sandbox } from "../../../src/core/sandbox.ts";
import { shadowRun } from "../../../src/pipeline/shadow-run.ts";
import { watchedBench } from "./watched-bench.ts";

const check = (command: string): Check => ({ name: command, command });

async function running(checks: readonly Check[], sandbox?: Sandbox) {
  const { bench, mirror, upstream, opened, signal } = await watchedBench();
  const commit = upstream.main;
  const run = { sandbox: sandbox ?? bench.sandbox, mirror, taskId: "t", base: commit, commit };
  const evidence = await shadowRun({ ...run, checks }, signal);
  return { evidence, opened, commit, tree: await mirror.treeOf(commit) };
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

it("what one check leaves behind does not help the next", async () => {
  const { evidence, opened } = await running([
    check("echo yes > a.txt; touch left-behind"),
    check("test ! -e left-behind && grep -qx no a.txt"),
  ]);

  expect(evidence.passed).toBe(true);
  expect(opened).toHaveLength(2);
});

it("a check runs in a shell of its own, as it is written", async () => {
  const { evidence } = await running([check('for x in 1 2; do printf "%s;" "$x"; done | cat')]);

  expect(evidence.checks[0]?.output).toBe("1;2;");
});
