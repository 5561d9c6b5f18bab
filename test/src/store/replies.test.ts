import { describe, expect, it } from "vitest";
import type { ModelReply } from "../../../src/core/model.ts";
import { memoryReplies } from "../../fakes/memory-replies.ts";
import { openedStore } from "../../world/opened-store.ts";

const SHOP = { owner: "octo", name: "shop" };

/** A reply of which only the text matters. */
function saying(text: string): ModelReply {
  return { text, calls: [], usage: { calls: 1, input: 3, cachedInput: 0, output: 2 }, stop: "end" };
}

describe.each([
  ["Postgres", async () => (await openedStore()).store.replies(SHOP)],
  ["the fake", () => Promise.resolve(memoryReplies())],
])("replies in %s", (_name, open) => {
  it("are found as they were kept, whatever they hold", async () => {
    const cache = await open();
    const reply: ModelReply = {
      text: "\0'; drop table x; -- häß\r\n日本\u{1f600}",
      calls: [{ id: "c1", name: "run", input: '{"a":"\\u0000"}' }],
      usage: { calls: 1, input: 3, cachedInput: 1, cacheWrite: 4, output: 2, reasoning: 1 },
      stop: "calls",
      servedBy: "m-2026",
      vendor: { by: "x", part: [{ signature: "abc" }] },
    };

    await cache.keep("a", reply);

    expect(await cache.find("a")).toEqual(reply);
    expect(await cache.find("b")).toBeUndefined();
  });

  it("give way to a newer one", async () => {
    const cache = await open();

    await cache.keep("a", saying("old"));
    await cache.keep("a", saying("new"));

    expect(await cache.find("a")).toMatchObject({ text: "new" });
  });
});

describe("replies of a repository", () => {
  it("are its own, however its name is written", async () => {
    const { store } = await openedStore();
    await store.replies(SHOP).keep("a", saying("text"));

    const other = { owner: "octo", name: "shop2" };
    expect(await store.replies(other).find("a")).toBeUndefined();
    expect(await store.replies({ owner: "Octo", name: "Shop" }).find("a")).toBeDefined();
  });

  it("are forgotten after a day", async () => {
    const { database, store } = await openedStore();
    await store.replies(SHOP).keep("a", saying("old"));
    await database.sql("update nexus.replies set kept_at = now() - interval '25 hours'");

    const found = await store.replies(SHOP).find("a");
    await store.replies(SHOP).keep("b", saying("new"));

    expect(found).toBeUndefined();
    const rows = await database.sql("select key from nexus.replies");
    expect(rows).toEqual([{ key: "b" }]);
  });

  it("are bounded: the oldest go, and a very long one is not kept", async () => {
    const { database, store } = await openedStore();
    await database.sql(`
      insert into nexus.replies (repository, key, reply, kept_at)
      select 'octo/shop', 'k' || n, '"x"', now() - n * interval '1 second'
      from generate_series(1, 500) n`);

    await store.replies(SHOP).keep("newest", saying("text"));
    await store.replies(SHOP).keep("long", saying("x".repeat(300_000)));

    const rows = await database.sql("select count(*)::int as n from nexus.replies");
    expect(rows).toEqual([{ n: 500 }]);
    expect(await store.replies(SHOP).find("k500")).toBeUndefined();
    expect(await store.replies(SHOP).find("long")).toBeUndefined();
    expect(await store.replies(SHOP).find("newest")).toBeDefined();
  });
});
