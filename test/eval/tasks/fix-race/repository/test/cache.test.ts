import assert from "node:assert/strict";
import { test } from "node:test";
import { createCache } from "../src/cache.ts";

test("loads once, one after the other", async () => {
  let loads = 0;
  const cache = createCache(async (key) => `${key}${++loads}`);

  assert.equal(await cache.get("a"), "a1");
  assert.equal(await cache.get("a"), "a1");
});
