import { z } from "zod";
import type { Bill } from "./bill.ts";
import { shapeOf } from "./canonical-request.ts";
import type { ModelRequest } from "./model.ts";
import type { Usage } from "./usage.ts";

/** At most a dollar a token. */
const PerMillion = z.number().int().nonnegative().max(1_000_000_000_000);

/** What a vendor asks for a million tokens of each kind, in millionths of a dollar. */
export const Price = z.strictObject({
  input: PerMillion,
  /** Where it is not known, cached tokens are counted like any others, which is never too little. */
  cachedInput: PerMillion.optional(),
  /** Where it is not known, twice the input: no vendor is known to ask for more. */
  cacheWrite: PerMillion.optional(),
  output: PerMillion,
});
export type Price = z.infer<typeof Price>;

/**
 * What is known of a model's price. `told`: no call costs more than this, and the vendor tells what each one did cost.
 * `unknown`: it is not to be called.
 */
export type Pricing =
  | { readonly kind: "priced"; readonly price: Price }
  | { readonly kind: "told"; readonly atMost: number }
  | { readonly kind: "free" }
  | { readonly kind: "unknown" };

const MILLION = 1_000_000n;

/** What these tokens cost. */
export function billOf(usage: Omit<Usage, "calls">, price: Price): Bill {
  const { input, cachedInput, cacheWrite = 0, output } = usage;
  const { cached, write } = cachePrices(price);
  const sum =
    BigInt(input) * BigInt(price.input) +
    BigInt(cachedInput) * BigInt(cached) +
    BigInt(cacheWrite) * BigInt(write) +
    BigInt(output) * BigInt(price.output);
  const isAtMost =
    (cachedInput > 0 && price.cachedInput === undefined) ||
    (cacheWrite > 0 && price.cacheWrite === undefined);
  return { amount: Number((sum + MILLION - 1n) / MILLION), isAtMost };
}

function cachePrices({ input, cachedInput, cacheWrite }: Price) {
  return { cached: cachedInput ?? input, write: cacheWrite ?? input * 2 };
}

/** What vendors add to a request, such as their own words on tools. */
const AROUND_REQUEST = 2_000;
const AROUND_PART = 64;

/**
 * The most a request can cost: a token stands for at least one byte, each may be of the dearest kind, and the reply
 * may be as long as it is allowed to be.
 */
export function worstCase(request: ModelRequest, price: Price, maxOutputTokens: number): number {
  const { cached, write } = cachePrices(price);
  const dearest = { ...price, input: Math.max(price.input, cached, write) };
  const tokens = { input: bytesOf(request), cachedInput: 0, output: maxOutputTokens };
  return billOf(tokens, dearest).amount;
}

function bytesOf({ messages, tools, output }: ModelRequest): number {
  const shapes = tools.map((tool) => ({ ...tool, input: shapeOf(tool.input) }));
  const text = JSON.stringify([messages, shapes, output && shapeOf(output.schema)]);
  const parts = messages.length + tools.length;
  return AROUND_REQUEST + AROUND_PART * parts + new TextEncoder().encode(text).length;
}
