import { describe, expect, it } from "vitest";
import { z } from "zod";
import { billOf, worstCase } from "../../../src/core/price.ts";

const PRICE = { input: 4_000_000, cachedInput: 400_000, cacheWrite: 5_000_000, output: 20_000_000 };

describe("a bill", () => {
  it.each([
    [{ input: 0, cachedInput: 0, output: 0 }, 0],
    [{ input: 1_000_000, cachedInput: 0, output: 0 }, 4_000_000],
    [{ input: 10, cachedInput: 100, cacheWrite: 20, output: 5 }, 40 + 40 + 100 + 100],
    [{ input: 0, cachedInput: 1, output: 0 }, 1],
    [{ input: 2_000_000_000, cachedInput: 0, output: 2_000_000_000 }, 48_000_000_000],
  ])("of %j is exact and rounded up", (usage, amount) => {
    expect(billOf(usage, PRICE)).toEqual({ amount, isAtMost: false });
  });

  it("takes cached tokens for the most they can cost where that is not known, and says so", () => {
    const price = { input: 4_000_000, output: 20_000_000 };

    expect(billOf({ input: 1, cachedInput: 0, output: 0 }, price).isAtMost).toBe(false);
    expect(billOf({ input: 0, cachedInput: 10, output: 0 }, price)).toEqual({
      amount: 40,
      isAtMost: true,
    });
    expect(billOf({ input: 0, cachedInput: 0, cacheWrite: 10, output: 0 }, price)).toEqual({
      amount: 80,
      isAtMost: true,
    });
  });
});

describe("the most a request can cost", () => {
  const request = (text: string) => ({
    messages: [
      { role: "system", text } as const,
      { role: "assistant", text: "", calls: [], vendor: { signature: text } } as const,
    ],
    tools: [{ name: "edit", description: "Edits", input: z.strictObject({ path: z.string() }) }],
    mustCall: false,
  });
  const flat = {
    input: 1_000_000,
    cachedInput: 1_000_000,
    cacheWrite: 1_000_000,
    output: 1_000_000,
  };

  it("is a token for each byte of all that is sent, and the longest reply", () => {
    const short = worstCase(request(""), flat, 1_000);
    const long = worstCase(request("é".repeat(1_000)), flat, 1_000);

    expect(long - short).toBe(2 * 2_000);
    expect(worstCase(request(""), flat, 5_000) - short).toBe(4_000);
    expect(short).toBeGreaterThan(2_000 + 1_000);
  });

  it("takes every token of the request for the dearest kind", () => {
    const dear = { ...flat, cacheWrite: 3_000_000 };

    expect(worstCase(request(""), dear, 0)).toBe(3 * worstCase(request(""), flat, 0));
    expect(worstCase(request(""), { input: 1_000_000, output: 0 }, 0)).toBe(
      2 * worstCase(request(""), flat, 0),
    );
  });
});
