import { describe, expect, it } from "vitest";
import { withPatch } from "../../../src/pipeline/with-patch.ts";
import { write } from "../git/sample-repository.ts";
import { stageWorld } from "./stage-world.ts";

const EXHAUSTED = {
  kind: "budget-exhausted",
  cap: "task",
  limit: 1_000_000,
  settled: 1_000_000,
  reserved: 0,
  reason: "The task's cap has no room for another call.",
} as const;

/** A branch of two commits: the first says no, the second perhaps. */
async function branchOfTwo() {
  const { mirror, upstream, bench, state } = await stageWorld();
  const say = (parent: string, text: string) =>
    mirror.commitEdits({ parent, edits: [write("a.txt", text)], message: "say" });
  const first = await say(upstream.main, "never\n");
  const second = await say(first.commit, "perhaps\n");
  const commits = [first, second].map((changeSet) => ({ title: "Say", changeSet }));
  return { bench, before: state({ commits }), first, second, commits };
}

describe("what is kept of a task that ran out of money", () => {
  it("is the branch as it was", async () => {
    const { bench, before, second } = await branchOfTwo();

    const { outcome } = await withPatch(bench, before, { outcome: EXHAUSTED });

    expect(outcome).toMatchObject({ patch: { head: second.commit, files: [{ path: "a.txt" }] } });
  });

  it("is the branch that the stage left, where it threw a try away", async () => {
    const { bench, before, first, commits } = await branchOfTwo();
    const update = { outcome: EXHAUSTED, commits: commits.slice(0, 1) };

    const { outcome } = await withPatch(bench, before, update);

    expect(outcome).toMatchObject({ patch: { head: first.commit } });
    expect(await bench.memory.recall("patch")).toMatchObject({
      head: first.commit,
      diff: expect.stringContaining("+never"),
    });
  });

  it("is nothing where nothing was done, or the task ended otherwise", async () => {
    const { bench, before } = await branchOfTwo();
    const ended = { outcome: { kind: "no-checks", reason: "None." } } as const;

    const nothing = await withPatch(bench, { ...before, commits: [] }, { outcome: EXHAUSTED });

    expect(nothing).toEqual({ outcome: EXHAUSTED });
    expect(await withPatch(bench, before, ended)).toEqual(ended);
  });
});
