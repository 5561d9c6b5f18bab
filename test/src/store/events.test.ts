import { expect, it } from "vitest";
import { openStore } from "../../../src/store/store.ts";
import { openedStore } from "../../world/opened-store.ts";
import { until } from "../../world/until.ts";

it("no reader passes an event that shows later, however many write at once", async () => {
  const { database, store } = await openedStore();
  await using other = await openStore(database.url);
  const most = 150;
  const write = async (from: typeof store, item: string) => {
    const all = Array.from({ length: most }, (_, at) => `${item}${at}`);
    await Promise.all(
      all.map((name) => from.events.append("t", { kind: "item-started", item: name }, name)),
    );
  };

  const writing = Promise.all([write(store, "a"), write(other, "b")]);
  const seen: number[] = [];
  for (;;) {
    // Before the look: one that begins after the last write sees everything.
    const isLast = await isOver(writing);
    const page = await store.events.after("t", seen.at(-1) ?? 0, 7);
    seen.push(...page.map(({ seq }) => seq));
    if (isLast && page.length === 0) break;
  }

  const all = await store.events.after("t", 0, 1_000);
  expect(all).toHaveLength(2 * most);
  expect(seen).toEqual(all.map(({ seq }) => seq));
});

/** Whether it has ended before the next turn. */
async function isOver(work: Promise<unknown>): Promise<boolean> {
  const open = Symbol("open");
  const soon = new Promise((resolve) => setImmediate(resolve, open));
  return (await Promise.race([work, soon])) !== open;
}

it("an event gets its place only when the one before it is there for all to see", async () => {
  const { database } = await openedStore();
  await using store = await openStore(database.url, { timeoutMs: 60_000 });
  const earlier = await database.hold(`
    with turn as materialized (select pg_advisory_xact_lock(hashtextextended('nexus.events/t', 0)))
    insert into nexus.events (task_id, name, data) select 't', 'claimed', '{"crashes": 0}' from turn`);
  const places: number[] = [];

  const later = store.events
    .append("t", { kind: "claimed", crashes: 1 }, "later")
    .then((seq) => places.push(seq));
  const waiting =
    "select count(*)::int as n from pg_locks where locktype = 'advisory' and not granted";
  await until(async () => places.length > 0 || (await database.sql(waiting))[0]?.n === 1, {
    what: "the later one to wait, or not to",
  });

  expect(places).toEqual([]);
  await store.events.append("other", { kind: "claimed", crashes: 0 }, "of another task");
  await earlier[Symbol.asyncDispose]();
  await later;
  expect(await store.events.after("t", 0, 10)).toHaveLength(1);
});

it("rows that nobody understands are shown as such, in their place, and stop nothing", async () => {
  const { database, store } = await openedStore();
  await store.events.append("t", { kind: "claimed", crashes: 0 }, "a");
  await database.sql(`
    insert into nexus.events (task_id, name, data) values
      ('t', 'teleported', '{"to": "mars"}'), ('t', 'check', '[1, 2]'), ('t', 'interrupted', '{}')`);
  await store.events.append("t", { kind: "item-started", item: "b" }, "b");

  const events = await store.events.after("t", 0, 10);

  expect(events.map(({ event }) => event)).toEqual([
    { kind: "claimed", crashes: 0 },
    { kind: "unreadable", name: "teleported" },
    { kind: "unreadable", name: "check" },
    { kind: "unreadable", name: "interrupted" },
    { kind: "item-started", item: "b" },
  ]);
  expect(await store.events.latest("t", "interrupted")).toBeUndefined();
});

it("what an earlier version kept is still read", async () => {
  const { database, store } = await openedStore();
  await database.sql(`
    insert into nexus.events (task_id, name, data) values
      ('t', 'stage', '{"stage": "plan", "phase": "end"}'), ('t', 'interrupted', '{"reason": "r"}')`);

  const events = await store.events.after("t", 0, 10);

  expect(events.map(({ event }) => event)).toEqual([
    { kind: "stage", stage: "plan", phase: "end" },
    { kind: "interrupted", reason: "r" },
  ]);
  expect(await store.events.latest("t", "interrupted")).toMatchObject({ reason: "r" });
});
