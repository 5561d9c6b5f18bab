import { describe, expect, it } from "vitest";
import { memoryResolutions } from "../../fakes/memory-resolutions.ts";
import { openedStore } from "../../world/opened-store.ts";

const DAY = 86_400_000;
const SHOP = { owner: "octo", name: "shop" };

describe.each([
  ["Postgres", async () => (await openedStore()).store.resolutions(SHOP)],
  ["the fake", () => Promise.resolve(memoryResolutions())],
])("resolutions in %s", (_name, open) => {
  it("are found as they were kept, whatever their text", async () => {
    const memory = await open();
    const texts = [
      "",
      "a\n",
      "\0\ud800'; drop table x; --",
      "häß\r\n日本\u{1f600}",
      "x".repeat(16_000),
    ];

    for (const [index, text] of texts.entries()) await memory.keep(`key ${index}`, text);

    for (const [index, text] of texts.entries())
      expect(await memory.find(`key ${index}`)).toBe(text);
  });

  it("are not found under another key", async () => {
    const memory = await open();
    await memory.keep("a", "text");

    for (const key of ["b", "", "A", "a "]) expect(await memory.find(key)).toBeUndefined();
  });

  it("give way to a newer one", async () => {
    const memory = await open();

    await memory.keep("a", "old");
    await memory.keep("a", "new");

    expect(await memory.find("a")).toBe("new");
  });
});

describe("resolutions of a repository", () => {
  it("are its own, however its name is written", async () => {
    const { store } = await openedStore();
    await store.resolutions(SHOP).keep("a", "text");

    const others = [
      { owner: "octo", name: "shop2" },
      { owner: "oct", name: "oshop" },
    ];
    for (const repo of others) expect(await store.resolutions(repo).find("a")).toBeUndefined();
    expect(await store.resolutions({ owner: "Octo", name: "Shop" }).find("a")).toBe("text");
  });

  it("are bounded: the ones that were of no use for longest go", async () => {
    const { database, store } = await openedStore();
    await database.sql(`
      insert into nexus.resolutions (repository, key, resolution, used_at)
      select 'octo/shop', 'k' || n, '"x"', now() - make_interval(days => n)
      from generate_series(1, 2000) n`);
    const memory = store.resolutions(SHOP);
    expect(await memory.find("k2000")).toBe("x");

    await memory.keep("new", "y");

    expect(await database.sql("select count(*)::int as n from nexus.resolutions")).toEqual([
      { n: 2_000 },
    ]);
    expect(await memory.find("k1999")).toBeUndefined();
    expect(await memory.find("k2000")).toBe("x");
    expect(await memory.find("new")).toBe("y");
  });

  it("go when they were not used for as long as details are kept", async () => {
    const { database, store } = await openedStore();
    const memory = store.resolutions(SHOP);
    await memory.keep("old", "x");
    await database.sql("update nexus.resolutions set used_at = now() - interval '31 days'");
    await memory.keep("young", "y");

    await store.purge(30 * DAY);

    expect(await memory.find("old")).toBeUndefined();
    expect(await memory.find("young")).toBe("y");
  });

  it("that somebody changed by hand are refused", async () => {
    const { database, store } = await openedStore();
    const memory = store.resolutions(SHOP);
    await memory.keep("a", "x");
    await database.sql("update nexus.resolutions set resolution = '7'");

    await expect(memory.find("a")).rejects.toMatchObject({ code: "store.corrupt" });
  });
});
