import { z } from "zod";
import type { Usage } from "../../core/usage.ts";
import { Count, knownCounts } from "../token-count.ts";

const Details = z.record(z.string(), z.unknown()).catch({});

const WireUsage = z.object({
  prompt_tokens: Count,
  completion_tokens: Count,
  prompt_tokens_details: Details,
  completion_tokens_details: Details,
  /** Kimi's older place for it. */
  cached_tokens: Count,
});

/** One call's usage in our terms: the wire counts cached tokens as input, we do not. */
export function usageOfChat(wire: unknown): Usage {
  const data = WireUsage.parse(typeof wire === "object" && wire !== null ? wire : {});
  const { prompt_tokens_details: input, completion_tokens_details: output } = data;
  const cachedInput = Count.parse(input.cached_tokens) || data.cached_tokens;
  const cacheWrite = Count.parse(input.cache_write_tokens);
  return {
    calls: 1,
    input: Math.max(0, data.prompt_tokens - cachedInput - cacheWrite),
    cachedInput,
    output: data.completion_tokens,
    ...knownCounts({
      cacheWrite: input.cache_write_tokens,
      reasoning: output.reasoning_tokens,
    }),
  };
}

const Dollars = z.number().nonnegative().max(1_000_000);
const WireCost = z.object({
  cost: Dollars,
  is_byok: z.boolean().optional().catch(undefined),
  cost_details: z
    .object({ upstream_inference_cost: Dollars.optional().catch(undefined) })
    .catch({ upstream_inference_cost: undefined }),
});

/** What the call cost, in millionths of a dollar, where the vendor tells all of it. */
export function chargedIn(wire: unknown): number | undefined {
  const { data } = WireCost.safeParse(wire);
  if (!data) return undefined;
  const { cost, is_byok: isOwnKey, cost_details: details } = data;
  // With a key of one's own somewhere else, what that vendor asks comes beside OpenRouter's part.
  const beside = isOwnKey === false ? 0 : details.upstream_inference_cost;
  if (isOwnKey === true && beside === undefined) return undefined;
  // Nothing is the whole bill only where no other vendor can have one.
  if (isOwnKey === undefined && cost === 0 && !beside) return undefined;
  return Math.ceil(Math.round((cost + (beside ?? 0)) * 1e9) / 1e3);
}
