import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { pricingOf } from "../../../../src/models/prices/price-table.ts";
import { readPrices } from "../../../../src/models/prices/read-prices.ts";

const OPUS = { provider: "anthropic", model: "claude-opus-5-5-20260901" };
const FREE = { input: 0, output: 0 };

async function fileOf(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "prices-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, "prices.json");
  await writeFile(path, text);
  return path;
}

describe("the price of a model", () => {
  it("is in Nexus' own table, with the day and the place it was read", () => {
    const own = readPrices(undefined);

    expect(own.prices.every(({ date, source }) => date && source)).toBe(true);
    expect(pricingOf(OPUS, own, "refuse")).toMatchObject({
      kind: "priced",
      price: { input: 4_000_000, output: 20_000_000 },
    });
    expect(pricingOf({ ...OPUS, provider: "openrouter" }, own, "refuse")).toEqual({
      kind: "unknown",
    });
  });

  it("is that of the operator's file first", async () => {
    const entry = { provider: "anthropic", model: "claude-*", ...FREE, cachedInput: 1 };
    const table = readPrices(await fileOf(JSON.stringify({ prices: [entry] })));

    expect(pricingOf(OPUS, table, "refuse")).toEqual({
      kind: "priced",
      price: { ...FREE, cachedInput: 1, cacheWrite: undefined },
    });
  });

  it.each([
    ["a", "a", true],
    ["a", "ab", false],
    ["a*", "a", true],
    ["a*", "abc", true],
    ["*", "", true],
    ["*c", "abc", true],
    ["a*c", "ac", true],
    ["a*a", "a", false],
    ["a*b*c", "a-b-b-c", true],
    ["a*b*c", "a-c", false],
    ["a*bc*bc", "abc", false],
    ["a.c", "abc", false],
    ["A", "a", false],
  ])("the pattern %s fits the name %s: %s", (model, name, fits) => {
    const table = { prices: [{ provider: "x", model, ...FREE }] };

    const { kind } = pricingOf({ provider: "x", model: name }, table, "refuse");

    expect(kind).toBe(fits ? "priced" : "unknown");
  });

  it("that nobody knows is the operator's to decide; a model of one's own is free", () => {
    const none = { prices: [] };
    const all = { input: 9, cachedInput: 9, cacheWrite: 9, output: 9 };

    expect(pricingOf(OPUS, none, "refuse")).toEqual({ kind: "unknown" });
    expect(pricingOf(OPUS, none, "free")).toEqual({ kind: "free" });
    expect(pricingOf(OPUS, none, 9)).toEqual({ kind: "priced", price: all });
    for (const rule of ["refuse", "free", 9] as const)
      expect(pricingOf({ provider: "local", model: "m" }, none, rule)).toEqual({ kind: "free" });
  });
});

describe("a file of prices that cannot be used is one clear error", () => {
  const entry = { provider: "x", model: "m", input: 1, output: 1 };
  const table = (changes: object) => JSON.stringify({ prices: [{ ...entry, ...changes }] });

  it.each([
    ["", "it is not JSON"],
    ["{", "it is not JSON"],
    ["[]", "the whole file: "],
    ["{}", "prices: "],
    ['{"prices": [], "more": 1}', "the whole file: "],
    [table({ input: 0.5 }), "prices[0].input: "],
    [table({ input: -1 }), "prices[0].input: "],
    [table({ output: "4" }), "prices[0].output: "],
    [table({ output: null }), "prices[0].output: "],
    [table({ inputs: 4 }), "prices[0]: "],
    [table({ model: "" }), "prices[0].model: "],
    [table({ date: "yesterday" }), "prices[0].date: "],
  ])("%s", async (text, problem) => {
    const path = await fileOf(text);

    expect(() => readPrices(path)).toThrow(
      expect.objectContaining({
        code: "config.invalid",
        message: expect.stringContaining(problem),
      }),
    );
    expect(() => readPrices(path)).toThrow("MODEL_PRICES");
  });

  it("also where there is none, or a folder", () => {
    expect(() => readPrices("/nowhere/prices.json")).toThrow("it cannot be read (ENOENT)");
    expect(() => readPrices("/tmp")).toThrow("it cannot be read (EISDIR)");
  });
});
