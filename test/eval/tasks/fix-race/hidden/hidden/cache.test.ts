import assert from "node:assert/strict";
import { test } from "node:test";
import { createCache } from "../src/cache.ts";

function manual() {
  const asked: { key: string; resolve(value: unknown): void; reject(error: Error): void }[] = [];
  const cache = createCache<unknown>(
    (key) => new Promise((resolve, reject) => asked.push({ key, resolve, reject })),
  );
  return { asked, cache };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

test("callers at the same time share one load", async () => {
  const { asked, cache } = manual();
  const both = Promise.all([cache.get("a"), cache.get("a")]);
  await settled();
  assert.equal(asked.length, 1);
  asked[0]?.resolve(7);
  assert.deepEqual(await both, [7, 7]);
});

test("a failure is everybody's who waited, and nobody's afterwards", async () => {
  const { asked, cache } = manual();
  const both = Promise.allSettled([cache.get("a"), cache.get("a")]);
  await settled();
  asked[0]?.reject(new Error("down"));
  assert.deepEqual((await both).map(({ status }) => status), ["rejected", "rejected"]);
  const again = cache.get("a");
  await settled();
  assert.equal(asked.length, 2);
  asked[1]?.resolve(8);
  assert.equal(await again, 8);
});

test("a loader that throws at once is a failure like any other", async () => {
  let calls = 0;
  const cache = createCache<number>(() => {
    calls += 1;
    if (calls === 1) throw new Error("at once");
    return Promise.resolve(calls);
  });
  await assert.rejects(async () => await cache.get("a"));
  assert.equal(await cache.get("a"), 2);
});

test("what was forgotten while it was loaded does not come back", async () => {
  const { asked, cache } = manual();
  const first = cache.get("a");
  await settled();
  cache.forget("a");
  const second = cache.get("a");
  await settled();
  assert.equal(asked.length, 2);
  asked[1]?.resolve("new");
  asked[0]?.resolve("old");
  assert.equal(await first, "old");
  assert.equal(await second, "new");
  assert.equal(await cache.get("a"), "new");
});

test("a late failure does not take a newer value away", async () => {
  const { asked, cache } = manual();
  const first = cache.get("a");
  first.catch(() => undefined);
  await settled();
  cache.forget("a");
  const second = cache.get("a");
  await settled();
  asked[1]?.resolve("new");
  await second;
  asked[0]?.reject(new Error("late"));
  await settled();
  assert.equal(await cache.get("a"), "new");
  assert.equal(asked.length, 2);
});

test("undefined is a value", async () => {
  let loads = 0;
  const cache = createCache(async () => {
    loads += 1;
    return undefined;
  });
  await cache.get("a");
  await cache.get("a");
  assert.equal(loads, 1);
});
