import { emptyCheckpoint } from "@langchain/langgraph";
import { expect, it } from "vitest";
import {
  sampleComment,
  sampleEvidence,
  sampleOutcome,
  sampleQuestion,
  sampleTask,
} from "../../contracts/samples.ts";
import { openedStore } from "../../world/opened-store.ts";

const DAY = 86_400_000;

type Opened = Awaited<ReturnType<typeof openedStore>>;

/** A task with something of every kind; ended this many days ago, or running. */
async function taskOf({ database, store }: Opened, id: string, endedDaysAgo?: number) {
  await store.inbox.accept(sampleTask(id), [sampleComment(id, "told"), sampleComment(id, "owed")]);
  await store.tasks.claim(id, { worker: "w", leaseMs: DAY });
  const lease = { taskId: id, epoch: 1 };
  await store.journal.remember(lease, "plan", 1);
  await store.journal.step(id, "architect", { text: "x" });
  await store.events.append(id, { kind: "claimed", crashes: 0 }, "c");
  await store.checkpoints.put(
    { configurable: { thread_id: id, checkpoint_ns: "" } },
    emptyCheckpoint(),
    { source: "input", step: 0, parents: {} },
    {},
  );
  const result = { kind: "comment", id: 1, url: "https://example.test/1" } as const;
  const [told] = (await store.effects.take(100, 1)).filter(({ effect }) => effect.taskId === id);
  if (told) await store.effects.done(told, result);
  if (endedDaysAgo === undefined) return;
  await store.tasks.finish(lease, sampleOutcome, []);
  const ago = "now() - make_interval(days => $2)";
  await database.sql(`update nexus.tasks set changed_at = ${ago} where id = $1`, [
    id,
    endedDaysAgo,
  ]);
  await database.sql(`update nexus.inbox set settled_at = ${ago} where id = $1`, [
    id,
    endedDaysAgo,
  ]);
}

/** How many rows of each table are this task's. */
async function rowsOf({ database }: Opened, id: string): Promise<Record<string, unknown>> {
  const places = [
    ["inbox", "nexus.inbox", "id"],
    ["tasks", "nexus.tasks", "id"],
    ["effects", "nexus.effects", "task_id"],
    ["results", "nexus.results", "task_id"],
    ["steps", "nexus.steps", "task_id"],
    ["events", "nexus.events", "task_id"],
    ["checkpoints", "langgraph.checkpoints", "thread_id"],
  ] as const;
  const counts: Record<string, unknown> = {};
  for (const [name, table, column] of places) {
    const found = `select count(*)::int as n from ${table} where ${column} = $1`;
    counts[name] = (await database.sql(found, [id]))[0]?.n;
  }
  return counts;
}

const ALL = { inbox: 1, tasks: 1, effects: 2, results: 1, steps: 1, events: 1, checkpoints: 1 };

it("details of tasks that ended long ago go; that they were asked, how they ended and what is owed stay", async () => {
  const world = await openedStore();
  await taskOf(world, "old", 31);
  await taskOf(world, "young", 6);
  await taskOf(world, "running");

  await world.store.purge(30 * DAY);
  await world.store.purge(30 * DAY);

  expect(await rowsOf(world, "old")).toEqual({
    inbox: 0,
    tasks: 1,
    effects: 1,
    results: 0,
    steps: 0,
    events: 0,
    checkpoints: 0,
  });
  expect(await rowsOf(world, "young")).toEqual({ ...ALL, events: 2 });
  expect(await rowsOf(world, "running")).toEqual(ALL);
  expect((await world.store.tasks.find("old"))?.outcome).toEqual(sampleOutcome);
  expect(await world.store.effects.status("old/owed")).toEqual({ state: "wanted" });
});

it("more tasks than one round takes all go", async () => {
  const { database, store } = await openedStore();
  await database.sql(`
    insert into nexus.tasks (id, task, state, outcome, changed_at)
    select 't' || n, '{}', 'done', '{}', now() - interval '40 days' from generate_series(1, 250) n`);
  await database.sql(
    "insert into nexus.events (task_id, name, data) select id, 'x', '1' from nexus.tasks",
  );

  await store.purge(30 * DAY);

  expect(await database.sql("select count(*)::int as n from nexus.events")).toEqual([{ n: 0 }]);
});

it("a delivery that waits stays however old it is, and the answer to a refused one goes", async () => {
  const { database, store } = await openedStore();
  await store.inbox.receive(sampleTask("waits"));
  await store.inbox.refuse(sampleTask("no"), "not allowed", [sampleComment("no", "why")]);
  for (const taken of await store.effects.take(10, 1)) await store.effects.fail(taken, "404");
  await database.sql("update nexus.inbox set received_at = now() - interval '1 year'");
  await database.sql("update nexus.effects set wanted_at = now() - interval '31 days'");

  await store.purge(30 * DAY);

  expect(await store.inbox.pending(10)).toEqual([sampleTask("waits")]);
  expect(await store.effects.status("no/why")).toBeUndefined();
});

it("old evidence goes, unless it was kept again", async () => {
  const { database, store } = await openedStore();
  const [gone, again] = [
    await store.evidence.keep(sampleEvidence),
    await store.evidence.keep({ ...sampleEvidence, passed: false }),
  ];
  await database.sql("update nexus.evidence set kept_at = now() - interval '31 days'");
  await store.evidence.keep({ ...sampleEvidence, passed: false });

  await store.purge(30 * DAY);

  expect(await store.evidence.find(gone)).toBeUndefined();
  expect(await store.evidence.find(again)).toMatchObject({ passed: false });
});

it("a plan that waits longer than details are kept can still be approved", async () => {
  const { database, store } = await openedStore();
  await store.inbox.accept(sampleTask("asks"), []);
  await store.tasks.claim("asks", { worker: "w", leaseMs: DAY });
  const lease = { taskId: "asks", epoch: 1 };
  await store.questions.ask(lease, sampleQuestion, [sampleComment("asks", "tracking")]);
  const result = { kind: "comment", id: 1, url: "https://example.test/1" } as const;
  for (const taken of await store.effects.take(10, 1)) await store.effects.done(taken, result);
  const old = "now() - interval '1 year'";
  await database.sql(`update nexus.tasks set asked_at = ${old}, changed_at = ${old}`);
  await database.sql(`update nexus.effects set wanted_at = ${old}`);
  await database.sql(`update nexus.inbox set received_at = ${old}, settled_at = ${old}`);

  await store.purge(30 * DAY);

  const { commentId = 1, request: _, ...rest } = sampleTask("yes");
  const approval = { kind: "approval" as const, ...rest, commentId, words: "" };
  expect(await store.questions.newest(approval)).toMatchObject({
    record: { state: "asked", task: { id: "asks" } },
    asked: { question: sampleQuestion },
    isSeen: true,
  });
  expect(await store.effects.status("asks/tracking")).toMatchObject({ state: "done", result });
});
