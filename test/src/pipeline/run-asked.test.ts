import { type BaseCheckpointSaver, MemorySaver } from "@langchain/langgraph";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type { Answer, Asked, Question } from "../../../src/core/question.ts";
import type { Task } from "../../../src/core/task.ts";
import { runTask } from "../../../src/pipeline/run-task.ts";
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
  ".github/nexus.yml": "checks:\n  - name: yes\n    command: grep -qx yes a.txt\n",
};
const ANSWER: Answer = { id: "d", by: "ben", commentId: 1, said: "", words: "", without: [] };

/** A task whose plan of two items waits for a word, and a way to run it with what was answered. */
async function asking(
  checkpointer: BaseCheckpointSaver = store.checkpoints,
  changes: Partial<Task> = {},
) {
  tasks += 1;
  const permissions: string[] = [];
  const world = await watchedBench({
    files: FILES,
    platform: {
      async permission(user) {
        permissions.push(user);
        return "write";
      },
    },
    team: { architect: architectOf(planOf(itemOf("a"), itemOf("b"))), worker: yesWorker },
  });
  const task = { ...world.state().task, id: `asked-${tasks}`, planFirst: true, ...changes };
  const run = async (at: { asked?: Asked; dieAt?: string; bench?: Workbench } = {}) => {
    const stages: string[] = [];
    const ended: unknown = await runTask({
      task,
      asked: at.asked,
      bench: at.bench ?? world.bench,
      checkpointer,
      onStage: async (stage, phase) => {
        if (phase === "start") stages.push(stage);
        if (`${stage} ${phase}` === at.dieAt) throw new Error("killed");
      },
      signal: world.signal,
    }).catch((error: unknown) => error);
    return { stages: stages.join(" "), ended };
  };
  const first = async (): Promise<Question> => {
    const { ended } = await run();
    return (ended as { question: Question }).question; // what the first test looks at
  };
  const elsewhere = async (): Promise<Workbench> => {
    const mirror = await mirrorOf(world.upstream);
    const fetch = (branch: string, signal: AbortSignal) =>
      mirror.fetch({ url: world.upstream.url, ref: `refs/heads/${branch}`, signal });
    return { ...world.bench, mirror: async () => ({ ...mirror, fetch }) };
  };
  return { ...world, task, run, first, elsewhere, permissions };
}

const ROAD = "admit prepare diagnose repair plan work merge verify propose";

describe("a plan that waits", () => {
  it("ends the road with what is asked, before anybody works", async () => {
    const { run, upstream, opened } = await asking();

    const { stages, ended } = await run();

    expect(stages).toBe("admit prepare diagnose repair plan");
    expect(ended).toMatchObject({
      question: {
        plan: planOf(itemOf("a"), itemOf("b")),
        base: { branch: "main", commit: upstream.main },
        named: ["a.txt", "b.txt"],
      },
    });
    expect(ended).not.toHaveProperty("outcome");
    expect(opened).toHaveLength(1);
  });

  it("is asked again in the same words where storing it was cut off, on whatever machine", async () => {
    const { run, bench } = await asking();
    const first = await run();
    const mirror = () => Promise.reject(new Error("There is no mirror here."));

    const again = await run({ bench: { ...bench, mirror } });

    expect(again.stages).toBe("");
    expect(again.ended).toEqual(first.ended);
  });

  it("goes on with the answer from the beginning, by the rights of who gave it", async () => {
    const { run, first, permissions } = await asking();
    const question = await first();

    const { stages, ended } = await run({ asked: { question, answers: [ANSWER] } });

    expect(stages).toBe(ROAD);
    expect(ended).toMatchObject({ outcome: { kind: "proposed" } });
    expect(permissions).toEqual(["ana", "ben"]);
  });

  it("is not carried out for somebody who lost their rights meanwhile", async () => {
    const { run, first, bench } = await asking();
    const question = await first();
    const platform = async () => ({
      ...(await bench.platform()),
      permission: async () => "read" as const,
    });

    const asked = { question, answers: [ANSWER] };
    const { stages, ended } = await run({ asked, bench: { ...bench, platform } });

    expect(stages).toBe("admit");
    expect(ended).toMatchObject({
      outcome: { kind: "refused", reason: "@ben has no write access." },
    });
  });

  it("starts from what the base is then", async () => {
    const { run, first, upstream } = await asking();
    const question = await first();
    const moved = upstream.commit({ ...FILES, "c.txt": "new\n" }, { parents: [upstream.main] });

    const { ended } = await run({ asked: { question, answers: [ANSWER] } });

    expect(question.base.commit).toBe(upstream.main);
    expect(ended).toMatchObject({ outcome: { evidence: { base: moved } } });
  });

  it("goes on where the mirror it was made in is lost", async () => {
    const { run, first, elsewhere } = await asking();
    const question = await first();

    const asked = { question, answers: [ANSWER] };
    const { ended } = await run({ asked, bench: await elsewhere() });

    expect(ended).toMatchObject({ outcome: { kind: "proposed" } });
  });

  it.each([
    ["admit start", "admit prepare"],
    ["plan start", "plan work"],
    ["work end", "work merge"],
  ])("and is cut off at %s after its answer goes on from there", async (dieAt, rest) => {
    const { run, first } = await asking();
    const asked = { question: await first(), answers: [ANSWER] };

    const killed = await run({ asked, dieAt });
    const second = await run({ asked });

    expect(killed.ended).toMatchObject({ message: "killed" });
    expect(second.stages).toContain(rest);
    expect(second.stages.startsWith(rest.split(" ")[0] ?? "?")).toBe(true);
    expect(second.ended).toMatchObject({ outcome: { kind: "proposed" } });
  });

  it("counts what it cost before it was approved", async () => {
    const { run, first } = await asking(new MemorySaver());
    const question = await first();

    const { ended } = await run({ asked: { question, answers: [ANSWER] } });

    expect(question.usage.calls).toBe(1);
    expect(ended).toMatchObject({ state: { usage: { calls: 3 } } });
  });

  it.each([
    ["of a dry run", { dryRun: true }, "dry-run"],
    ["on a pull request", { isPullRequest: true }, "proposed"],
    ["of a repair", { request: "fix the tests" }, "proposed"],
    ["of a merge in words", { request: "resolve the conflicts" }, "proposed"],
  ])("%s waits and goes on like any other", async (_name, changes, kind) => {
    const { run, first } = await asking(new MemorySaver(), changes);
    const question = await first();

    const { ended } = await run({ asked: { question, answers: [ANSWER] } });

    expect(question.plan.items).toHaveLength(2);
    expect(ended).toMatchObject({ outcome: { kind } });
  });

  it("ends where no model is configured any more", async () => {
    const { run, first, bench } = await asking(new MemorySaver());
    const asked = { question: await first(), answers: [ANSWER] };

    const { ended } = await run({ asked, bench: { ...bench, team: undefined } });

    expect(ended).toMatchObject({ outcome: { kind: "model-required" } });
  });
});
