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
