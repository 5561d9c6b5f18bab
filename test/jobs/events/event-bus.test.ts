import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createEventBell, silentBell } from "../../../jobs/events/event-bell.ts";
import { createEventBus, type EventBus } from "../../../jobs/events/event-bus.ts";
import { NexusError } from "../../../src/core/errors.ts";
import type { EventRecord, TaskEvent } from "../../../src/core/event.ts";
import { createMemoryRecord } from "../../fakes/memory-record.ts";
import { openedStore } from "../../world/opened-store.ts";
import { startRedis, type TestRedis } from "../../world/redis.ts";
import { until } from "../../world/until.ts";

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis[Symbol.asyncDispose]());

/** Where nothing but a ring can be the reason to look. */
const NEVER_MS = 3_600_000;
const started = (item: string): TaskEvent => ({ kind: "item-started", item });

/** Buses of two processes over one record, each with connections of its own. */
function twoBuses(record: EventRecord, { url, pollMs }: { url: string; pollMs: number }) {
  const bells = [createEventBell(url), createEventBell(url)] as const;
  const [here, there] = bells.map((bell) => createEventBus({ record, bell, pollMs })) as [
    EventBus,
    EventBus,
  ];
  return {
    here,
    there,
    async [Symbol.asyncDispose]() {
      for (const bell of bells) await bell[Symbol.asyncDispose]();
    },
  };
}

/** What a follower has been given so far. */
function following(bus: EventBus, { taskId = "t", after = 0 } = {}) {
  const stop = new AbortController();
  const items: string[] = [];
  const ended = (async () => {
    for await (const { event } of bus.follow(taskId, after, stop.signal))
      items.push(event.kind === "item-started" ? event.item : event.kind);
  })();
  return {
    items,
    ended,
    hears: (...all: readonly string[]) =>
      until(() => items.length >= all.length, { what: all.join(), tell: () => items.join() }),
    async [Symbol.asyncDispose]() {
      stop.abort();
      await ended;
    },
  };
}

describe("a follower", () => {
  it("gets what was, then what comes, from another process and of its task alone", async () => {
    const { store } = await openedStore();
    await using buses = twoBuses(store.events, { url: redis.url, pollMs: NEVER_MS });
    await buses.there.publish("t", started("a"), "a");
    await buses.there.publish("other", started("x"), "x");

    await using follower = following(buses.here);
    await follower.hears("a");
    await until(
      async () => (await redis.command("PUBSUB", "NUMSUB", "nexus:events:t")).endsWith(":1\r\n"),
      {
        what: "somebody to listen",
      },
    );
    await buses.there.publish("t", started("b"), "b");
    await follower.hears("a", "b");
    await buses.there.publish("t", started("b"), "b");
    await buses.there.publish("t", started("c"), "c");
    await follower.hears("a", "b", "c");

    expect(follower.items).toEqual(["a", "b", "c"]);
  });

  it("goes on from the place it is given", async () => {
    const record = createMemoryRecord().events;
    const bus = createEventBus({ record, bell: silentBell, pollMs: 1 });
    for (const item of ["a", "b", "c"]) await bus.publish("t", started(item), item);
    const [first] = await bus.events("t", 0, 1);

    await using follower = following(bus, { after: first?.seq ?? 0 });
    await follower.hears("b", "c");

    expect(follower.items).toEqual(["b", "c"]);
  });

  it("misses nothing while Redis is killed and emptied, and is rung again when it is back", async () => {
    const { store } = await openedStore();
    await using own = await startRedis();
    await using buses = twoBuses(store.events, { url: own.url, pollMs: 100 });
    await using follower = following(buses.here);
    const expected: string[] = [];
    const publish = async (...items: readonly string[]) => {
      expected.push(...items);
      for (const item of items) await buses.there.publish("t", started(item), item);
      await follower.hears(...expected);
    };

    await publish("a", "b");
    await own.kill();
    await publish("c", "d");
    await own.restart();
    await publish("e");
    await own.command("FLUSHALL");
    await publish("f");
    own.hang();
    await publish("g");
    own.wake();
    await publish("h");

    expect(follower.items).toEqual(expected);
  });

  it("that is slow gets everything, each once, and holds up neither writers nor others", async () => {
    const record = createMemoryRecord().events;
    const bus = createEventBus({ record, bell: silentBell, pollMs: 1 });
    const stop = new AbortController();
    const slow = bus.follow("t", 0, stop.signal)[Symbol.asyncIterator]();
    const names = Array.from({ length: 450 }, (_, at) => `i${at}`);
    await bus.publish("t", started("first"), "first");
    const begun = await slow.next();

    for (const name of names) await bus.publish("t", started(name), name);
    await using quick = following(bus);
    await quick.hears("first", ...names);

    const late = [];
    for (const _ of names) late.push((await slow.next()).value);
    stop.abort();
    expect(begun.value.event).toEqual(started("first"));
    expect(late.map(({ event }) => event.item)).toEqual(names);
    expect(quick.items).toEqual(["first", ...names]);
    expect(await slow.next()).toEqual({ value: undefined, done: true });
  });

  it("passes over nothing where the record does not answer for a while", async () => {
    const record = createMemoryRecord().events;
    let down = false;
    const shaky: EventRecord = {
      ...record,
      async after(...asked) {
        if (down) throw new NexusError("store.unavailable", "gone", { retryable: true });
        return await record.after(...asked);
      },
    };
    const bus = createEventBus({ record: shaky, bell: silentBell, pollMs: 1 });
    await using follower = following(bus);
    await bus.publish("t", started("a"), "a");
    await follower.hears("a");

    down = true;
    await bus.publish("t", started("b"), "b");
    down = false;
    await follower.hears("a", "b");

    expect(follower.items).toEqual(["a", "b"]);
  });

  it("is told where the record refuses us", async () => {
    const refusal = new NexusError("store.unavailable", "wrong password");
    const record = { ...createMemoryRecord().events, after: () => Promise.reject(refusal) };
    const follower = following(createEventBus({ record, bell: silentBell, pollMs: 1 }));

    await expect(follower.ended).rejects.toBe(refusal);
  });

  it("ends with its signal, also while it waits and where it had fired before", async () => {
    const record = createMemoryRecord().events;
    const bus = createEventBus({ record, bell: silentBell, pollMs: NEVER_MS });
    await using waiting = following(bus);
    await bus.publish("t", started("a"), "a");
    const over = bus.follow("t", 0, AbortSignal.abort())[Symbol.asyncIterator]();

    expect(await over.next()).toEqual({ value: undefined, done: true });
    expect(waiting.items).toEqual([]);
  });
});

it("publishing waits for the record and not for Redis", async () => {
  await using own = await startRedis();
  const record = createMemoryRecord().events;
  const bell = createEventBell(own.url);
  const bus = createEventBus({ record, bell });
  own.hang();

  for (let at = 0; at < 200; at++) await bus.publish("t", started("a"), String(at));

  expect(await record.after("t", 0, 1_000)).toHaveLength(200);
  own.wake();
  await bell[Symbol.asyncDispose]();
});

it("publishing says that the record did not take it", async () => {
  const gone = new NexusError("store.unavailable", "gone", { retryable: true });
  const record = { ...createMemoryRecord().events, append: () => Promise.reject(gone) };
  const rung: string[] = [];
  const bell = { ...silentBell, ring: (taskId: string) => void rung.push(taskId) };

  const publishing = createEventBus({ record, bell }).publish("t", started("a"), "a");

  await expect(publishing).rejects.toBe(gone);
  expect(rung).toEqual([]);
});
