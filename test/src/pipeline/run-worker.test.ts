import { describe, expect, it } from "vitest";
import { runWorker, WorkerEnded } from "../../../src/pipeline/run-worker.ts";
import type { Worker } from "../../../src/swarm/worker.ts";
import { itemOf } from "./stage-world.ts";
import { planOf, shellWorker, USAGE, watchedBench, yesWorker } from "./watched-bench.ts";

const FILES = { "a.txt": "no\n", "b.txt": "no\n", ".gitignore": "cache\n" };

/** A bench at which this worker works on item `a`. */
async function desk(worker: Worker) {
  let runs = 0;
  const counted: Worker = {
    work: (...at) => {
      runs += 1;
      return worker.work(...at);
    },
  };
  const world = await watchedBench({ files: FILES, team: { worker: counted } });
  const { team } = world.bench;
  if (!team) throw new Error("There is no team.");
  const item = itemOf("a");
  const state = world.state({ workPlan: planOf(item) });
  const job = { bench: world.bench, team, state, item, commit: world.upstream.main, notes: "" };
  const run = (changed: Partial<typeof job> = {}) =>
    runWorker({ ...job, ...changed }, world.signal);
  return { ...world, run, runs: () => runs };
}

describe("a work item", () => {
  it("becomes a commit on the commit it started from, of what the mirror holds", async () => {
    const { run, mirror, upstream, opened } = await desk(yesWorker);

    const { changeSet, usage } = await run();

    expect(changeSet).toMatchObject({
      base: upstream.main,
      files: [{ path: "a.txt", status: "modified", insertions: 1, deletions: 1 }],
    });
    expect(await mirror.readFile(changeSet.commit, "a.txt")).toBe("yes\n");
    expect(usage).toEqual(USAGE);
    expect(opened).toMatchObject([{ commit: upstream.main, taskId: "t" }]);
  });

  it("has a trajectory that begins with what was given and ends with what came of it", async () => {
    const { run, steps, upstream } = await desk(yesWorker);

    const { changeSet } = await run();

    const assignment = { item: itemOf("a"), planSummary: "Say yes.", notes: "" };
    expect(steps).toMatchObject([
      { agent: "a", step: { kind: "assigned", commit: upstream.main, assignment } },
      { agent: "a", step: { kind: "ended", ending: { kind: "finished", changeSet } } },
    ]);
  });

  it("that changed nothing is a ChangeSet of nothing", async () => {
    const { run } = await desk(shellWorker(() => "echo I changed everything"));

    expect((await run()).changeSet.files).toEqual([]);
  });

  it("leaves behind what lies outside its paths, and says so", async () => {
    const command =
      "echo yes > a.txt; echo evil > b.txt; mkdir .github; echo x > .github/nexus.yml";
    const { run, steps, mirror } = await desk(shellWorker(() => `${command}; echo x > cache`));

    const { changeSet, leftBehind } = await run();

    expect(changeSet.files.map(({ path }) => path)).toEqual(["a.txt"]);
    expect(await mirror.readFile(changeSet.commit, "b.txt")).toBe("no\n");
    expect(leftBehind.toSorted()).toEqual([".github/nexus.yml", "b.txt"]);
    expect(steps).toContainEqual({
      agent: "a",
      step: { kind: "left-behind", paths: leftBehind },
    });
  });

  it("of which something is left behind is not proved by what ran over all of it", async () => {
    const proofs = [{ command: "true", proved: true }];
    const proving = (script: string): Worker => ({
      async work(assignment, place) {
        const result = await shellWorker(() => script).work(assignment, place);
        return result.kind === "finished" ? { ...result, proofs } : result;
      },
    });
    const inside = await desk(proving("echo yes > a.txt"));
    const beyond = await desk(proving("echo yes > a.txt; echo yes > b.txt"));

    expect((await inside.run()).proofs).toEqual(proofs);
    expect((await beyond.run()).proofs).toEqual([{ command: "true", proved: false }]);
  });

  it("may be given up, which ends the task with what was spent", async () => {
    const reason = "It was not finished after 40 steps.";
    const { run, remembered, steps } = await desk({
      work: async () => ({
        kind: "gave-up",
        code: "too-many-steps",
        reason,
        usage: USAGE,
        steps: [],
      }),
    });

    const error: unknown = await run().catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(WorkerEnded);
    expect(error).toMatchObject({
      outcome: { kind: "model-failed", code: "worker.too-many-steps", reason },
      usage: USAGE,
    });
    expect(steps.at(-1)?.step).toEqual({
      kind: "ended",
      ending: { kind: "gave-up", code: "worker.too-many-steps", reason },
    });
    expect(remembered.size).toBe(0);
  });

  it("whose worker breaks off is not remembered", async () => {
    const killed = { work: () => Promise.reject(new Error("killed")) };
    const { run, remembered, steps } = await desk(killed);

    await expect(run()).rejects.toThrow("killed");
    expect(steps).toMatchObject([{ step: { kind: "assigned" } }]);
    expect(remembered.size).toBe(0);
  });
});

describe("a work item that was finished before", () => {
  it("is not worked on again", async () => {
    const { run, runs, opened } = await desk(yesWorker);

    const first = await run();
    const second = await run();

    expect(second).toEqual(first);
    expect(runs()).toBe(1);
    expect(opened).toHaveLength(1);
  });

  it("is the same on another commit of the same files, and another one on other files", async () => {
    const { run, runs, mirror, upstream } = await desk(yesWorker);
    const tree = await mirror.treeOf(upstream.main);
    const same = await mirror.commitTree({ parent: upstream.main, tree, message: "again" });
    await run();

    await run({ commit: same.commit });
    expect(runs()).toBe(1);
    const { changeSet } = await run({ item: itemOf("b"), commit: same.commit });
    await run({ commit: changeSet.commit });

    expect(runs()).toBe(3);
  });

  it.each([
    ["whose commit is not here", (kept: object) => ({ ...kept, changeSet: elsewhere(kept) })],
    ["that cannot be read", () => ({ changeSet: "spoilt" })],
    [
      "that was for another goal",
      (kept: object) => ({ ...kept, item: { ...itemOf("a"), goal: "else" } }),
    ],
  ])("%s is worked on again", async (_name, spoil) => {
    const { run, runs, remembered } = await desk(yesWorker);
    await run();
    for (const [key, value] of remembered) remembered.set(key, spoil(value as object));

    await run();

    expect(runs()).toBe(2);
  });
});

function elsewhere(kept: object): object {
  return { ...(kept as { changeSet: object }).changeSet, commit: "d".repeat(40) };
}
