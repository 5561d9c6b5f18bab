import { type BaseCheckpointSaver, MemorySaver } from "@langchain/langgraph";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { NexusError } from "../../../src/core/errors.ts";
import { runTask, stateOf } from "../../../src/pipeline/run-task.ts";
import type { Workbench } from "../../../src/pipeline/workbench.ts";
import { openStore, type Store } from "../../../src/store/store.ts";
import { type FreshDatabase, freshDatabase } from "../../world/database.ts";
import { mirrorOf } from "../git/sample-repository.ts";
import { itemOf } from "./stage-world.ts";
import { architectOf, planOf, watchedBench, yesWorker } from "./watched-bench.ts";

let database: FreshDatabase;
let store: Store;
beforeAll(async () => {
  database = await freshDatabase(inject("databaseUrl"));
  store = await openStore(database.url);
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

let tasks = 0;

const FILES = {
  "a.txt": "no\n",
  "b.txt": "no\n",
  ".github/nexus.yml": "checks:\n  - name: yes\n    command: cat a.txt b.txt | grep -vqx no\n",
};

/** A repository whose check wants `yes` in two files, a worker for each, and a way to run the task. */
async function swarm(checkpointer: BaseCheckpointSaver) {
  tasks += 1;
  const id = `run-${tasks}`;
  let plans = 0;
  const plan = architectOf(planOf(itemOf("a"), itemOf("b"))).plan;
  const architect: typeof plan = (...asked) => {
    plans += 1;
    return plan(...asked);
  };
  const world = await watchedBench({
    files: FILES,
    team: { architect: { plan: architect }, worker: yesWorker },
  });
  const task = { ...world.state().task, id };
  const elsewhere = async (): Promise<Workbench> => {
    const mirror = await mirrorOf(world.upstream);
    const fetch = (branch: string, signal: AbortSignal) =>
      mirror.fetch({ url: world.upstream.url, ref: `refs/heads/${branch}`, signal });
    return { ...world.bench, mirror: async () => ({ ...mirror, fetch }) };
  };
  const run = async (options: { dieAt?: string; bench?: Workbench; signal?: AbortSignal } = {}) => {
    const stages: string[] = [];
    const ended = await runTask({
      task,
      bench: options.bench ?? world.bench,
      checkpointer,
      onStage: async (stage, phase) => {
        if (phase === "start") stages.push(stage);
        if (`${stage} ${phase}` === options.dieAt) throw new Error("killed");
      },
      signal: options.signal ?? world.signal,
    }).catch((error: unknown) => error);
    return { stages, ended };
  };
  return { ...world, task, run, elsewhere, plans: () => plans };
}

describe("a task", () => {
  it("comes to its pull request", async () => {
    const { run, mirror } = await swarm(store.checkpoints);

    const { stages, ended } = await run();

    expect(stages.join(" ")).toBe("admit prepare diagnose repair plan work merge verify propose");
    expect(ended).toMatchObject({ outcome: { kind: "proposed", pullRequest: { number: 7 } } });
    const { head } = (ended as { outcome: { pullRequest: { head: string } } }).outcome.pullRequest;
    expect(await mirror.readFile(head, "a.txt")).toBe("yes\n");
    expect(await mirror.readFile(head, "b.txt")).toBe("yes\n");
  });

  it("gives up what was started ahead for it, however it ends", async () => {
    const { run, bench, task } = await swarm(store.checkpoints);
    const cooled: string[] = [];
    const cool = async (taskId: string) => void cooled.push(taskId);
    const watched = { ...bench, sandbox: { ...bench.sandbox, cool } };

    await run({ bench: watched, dieAt: "plan end" });
    await run({ bench: watched });

    expect(cooled).toEqual([task.id, task.id]);
  });

  it("that ended is not run again, wherever it is asked for", async () => {
    const { run, bench } = await swarm(store.checkpoints);
    const { ended } = await run({ dieAt: "admit start" });
    expect(ended).toMatchObject({ message: "killed" });
    const first = await run();
    const mirror = () => Promise.reject(new Error("There is no mirror here."));

    const again = await run({ bench: { ...bench, mirror } });

    expect(again.stages).toEqual([]);
    expect(again.ended).toEqual(first.ended);
  });

  it.each([
    ["plan end", "plan work merge verify propose", 2],
    ["merge start", "merge verify propose", 1],
    ["propose end", "propose", 1],
  ])("cut off at %s it goes on from there", async (dieAt, rest, planned) => {
    const { run, plans } = await swarm(store.checkpoints);

    const first = await run({ dieAt });
    const second = await run();

    expect(first.ended).toMatchObject({ message: "killed" });
    expect(second.stages.join(" ")).toBe(rest);
    expect(second.ended).toMatchObject({ outcome: { kind: "proposed" } });
    expect(plans()).toBe(planned);
  });

  it("goes on from a checkpoint in memory too", async () => {
    const { run } = await swarm(new MemorySaver());

    await run({ dieAt: "merge start" });

    expect((await run()).stages.join(" ")).toBe("merge verify propose");
  });

  it("whose mirror was lost begins anew", async () => {
    const { run, elsewhere } = await swarm(store.checkpoints);
    await run({ dieAt: "verify start" });

    const { stages, ended } = await run({ bench: await elsewhere() });

    expect(stages[0]).toBe("admit");
    expect(ended).toMatchObject({ outcome: { kind: "proposed" } });
  });

  it("whose workers' commits are on another machine begins anew", async () => {
    const { run, elsewhere } = await swarm(store.checkpoints);
    // Nothing is joined yet: the base is the same on both machines, the results are not.
    await run({ dieAt: "merge start" });

    const { stages, ended } = await run({ bench: await elsewhere() });

    expect(stages[0]).toBe("admit");
    expect(ended).toMatchObject({ outcome: { kind: "proposed" } });
  });

  it("what is known of a task can be read while it is under way", async () => {
    const checkpointer = store.checkpoints;
    const { run, task, upstream } = await swarm(checkpointer);
    await run({ dieAt: "plan start" });

    expect(await stateOf(checkpointer, task.id)).toMatchObject({
      task,
      base: { branch: "main", commit: upstream.main },
    });
    expect(await stateOf(checkpointer, "nobody")).toEqual({});
  });
});

describe("a run that is stopped", () => {
  it("before it began runs nothing", async () => {
    const { run } = await swarm(new MemorySaver());

    const { stages, ended } = await run({ signal: AbortSignal.abort(new Error("stopped")) });

    expect(stages).toEqual([]);
    expect(ended).toBeInstanceOf(Error);
  });

  it("in a stage does not come to an end", async () => {
    const world = await swarm(new MemorySaver());
    const stop = new AbortController();
    const desk = {
      ...world.bench.desk,
      track: async () => stop.abort(new Error("stopped")),
    };

    const { stages, ended } = await world.run({
      bench: { ...world.bench, desk },
      signal: stop.signal,
    });

    expect(stages.at(-1)).toBe("diagnose");
    expect(ended).toBeInstanceOf(Error);
  });
});

it("an error of a stage comes out as it is", async () => {
  const { run, bench } = await swarm(new MemorySaver());
  const outage = new NexusError("github.unreachable", "gone", { retryable: true });

  const { ended } = await run({ bench: { ...bench, platform: () => Promise.reject(outage) } });

  expect(ended).toBe(outage);
});
