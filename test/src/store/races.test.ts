import { afterAll, beforeAll, expect, inject, it, vi } from "vitest";
import type { Lease } from "../../../src/core/record.ts";
import { openStore, type Store } from "../../../src/store/store.ts";
import { sampleComment, sampleTask } from "../../contracts/samples.ts";
import { type FreshDatabase, freshDatabase } from "../../world/database.ts";

const HOUR = 3_600_000;
let database: FreshDatabase;
let stores: readonly Store[];

const times = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const storeOf = (i: number): Store => {
  const store = stores[i % stores.length];
  if (!store) throw new Error("no store is open");
  return store;
};

beforeAll(async () => {
  database = await freshDatabase(inject("databaseUrl"));
  // Four processes of one installation that start at the same moment on an empty database.
  stores = await Promise.all(times(4).map(() => openStore(database.url, { timeoutMs: 10_000 })));
});
afterAll(async () => {
  for (const store of stores) await store[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

it("keeps one of 50 deliveries of the same id that arrive at once", async () => {
  const task = sampleTask("storm");

  const answers = await Promise.all(times(50).map((i) => storeOf(i).inbox.receive(task)));

  expect(answers.filter((answer) => answer === "new")).toHaveLength(1);
  expect(
    await database.sql("select count(*)::int as n from nexus.inbox where id = 'storm'"),
  ).toEqual([{ n: 1 }]);
});

it("accepts a delivery once when 20 ask at once", async () => {
  const task = sampleTask("accepted-at-once");

  await Promise.all(
    times(20).map((i) => storeOf(i).inbox.accept(task, [sampleComment(task.id, `c${i}`)])),
  );

  const rows = await database.sql(
    "select count(*)::int as n from nexus.effects where task_id = 'accepted-at-once'",
  );
  expect(rows).toEqual([{ n: 1 }]);
});

it("gives a task to one of 20 workers that claim it at once", async () => {
  await storeOf(0).inbox.accept(sampleTask("wanted"), []);

  const claims = await Promise.all(
    times(20).map((i) => storeOf(i).tasks.claim("wanted", { worker: `w${i}`, leaseMs: HOUR })),
  );

  expect(claims.filter((claim) => claim !== undefined)).toMatchObject([{ epoch: 1 }]);
});

it("gives a silent worker's task to one of 20, counted as one crash", async () => {
  await storeOf(0).inbox.accept(sampleTask("silent"), []);
  await storeOf(0).tasks.claim("silent", { worker: "gone", leaseMs: HOUR });
  await database.sql(
    "update nexus.tasks set lease_until = now() - interval '1 s' where id = 'silent'",
  );

  const claims = await Promise.all(
    times(20).map((i) => storeOf(i).tasks.claim("silent", { worker: `w${i}`, leaseMs: HOUR })),
  );

  expect(claims.filter((claim) => claim !== undefined)).toMatchObject([{ epoch: 2, crashes: 1 }]);
});

it("hands each of 200 effects to one of 8 publishers that take at once", async () => {
  await database.sql("delete from nexus.effects");
  for (const i of times(200)) {
    const id = `many-${i}`;
    await storeOf(i).inbox.accept(sampleTask(id), [sampleComment(id, "only")]);
  }
  const takeAll = async (store: Store): Promise<string[]> => {
    const ids: string[] = [];
    for (;;) {
      const taken = await store.effects.take(7, HOUR);
      ids.push(...taken.map(({ effect }) => effect.id));
      const { n } = (
        await database.sql("select count(*)::int as n from nexus.effects where due_at <= now()")
      )[0] ?? { n: 0 };
      if (n === 0) return ids;
    }
  };

  const taken = (await Promise.all(times(8).map((i) => takeAll(storeOf(i))))).flat();

  expect(taken).toHaveLength(200);
  expect(new Set(taken).size).toBe(200);
});

it("keeps the order of one task's effects when 8 publishers take at once", async () => {
  await database.sql("delete from nexus.effects");
  const names = times(20).map((i) => `step-${i}`);
  await storeOf(0).inbox.accept(
    sampleTask("ordered"),
    names.map((name) => sampleComment("ordered", name)),
  );
  const carried: string[] = [];
  const publish = async (store: Store): Promise<void> => {
    while (carried.length < names.length) {
      for (const taken of await store.effects.take(5, HOUR)) {
        carried.push(taken.effect.id);
        await store.effects.done(taken, { kind: "comment", id: 1, url: "https://example.test" });
      }
    }
  };

  await Promise.all(times(8).map((i) => publish(storeOf(i))));

  expect(carried).toEqual(names.map((name) => `ordered/${name}`));
});

it("wants an effect once when 20 want it at once", async () => {
  await storeOf(0).inbox.accept(sampleTask("eager"), []);
  await storeOf(0).tasks.claim("eager", { worker: "w", leaseMs: HOUR });
  const lease: Lease = { taskId: "eager", epoch: 1 };

  await Promise.all(
    times(20).map((i) => storeOf(i).effects.want(lease, sampleComment("eager", "same"))),
  );

  expect(await database.sql("select version from nexus.effects where task_id = 'eager'")).toEqual([
    { version: 1 },
  ]);
});

it("lets either the old epoch finish or the new one claim, never both", async () => {
  for (const i of times(20)) {
    const id = `contested-${i}`;
    await storeOf(0).inbox.accept(sampleTask(id), []);
    await storeOf(0).tasks.claim(id, { worker: "old", leaseMs: HOUR });
    await database.sql(
      "update nexus.tasks set lease_until = now() - interval '1 s' where id = $1",
      [id],
    );

    const [finished, claimed] = await Promise.allSettled([
      storeOf(1).tasks.finish({ taskId: id, epoch: 1 }, { kind: "refused", reason: "x" }, []),
      storeOf(2).tasks.claim(id, { worker: "new", leaseMs: HOUR }),
    ]);

    const won = claimed.status === "fulfilled" && claimed.value !== undefined;
    expect(finished.status === "fulfilled").toBe(!won);
  }
});

it("holds a claim off while the old epoch is in the middle of wanting an effect", async () => {
  await storeOf(0).inbox.accept(sampleTask("halfway"), []);
  await storeOf(0).tasks.claim("halfway", { worker: "old", leaseMs: HOUR });
  await database.sql(
    "update nexus.tasks set lease_until = now() - interval '1 s' where id = 'halfway'",
  );
  const order: string[] = [];
  const waiting = async (): Promise<unknown> =>
    (
      await database.sql(
        `select count(*)::int as n from pg_stat_activity
       where datname = current_database() and wait_event_type = 'Lock'`,
      )
    )[0]?.n;
  const obstacle = await database.hold(
    "insert into nexus.effects (id, task_id, effect) values ('halfway/a', 'halfway', '{}')",
  );

  const wanting = storeOf(1)
    .effects.want({ taskId: "halfway", epoch: 1 }, sampleComment("halfway", "a"))
    .then(() => order.push("wanted"));
  await vi.waitFor(async () => expect(await waiting()).toBe(1));
  const claiming = storeOf(2)
    .tasks.claim("halfway", { worker: "new", leaseMs: HOUR })
    .then(() => order.push("claimed"));
  await vi.waitFor(async () => expect([await waiting(), order.length]).not.toEqual([1, 0]));
  const meanwhile = [await waiting(), [...order]];
  await obstacle[Symbol.asyncDispose]();
  await Promise.all([wanting, claiming]);

  // Both stood in line: which answer arrives first afterwards says nothing.
  expect(meanwhile).toEqual([2, []]);
  expect(order.toSorted()).toEqual(["claimed", "wanted"]);
});
