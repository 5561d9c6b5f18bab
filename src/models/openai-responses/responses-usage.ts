import { z } from "zod";
import type { Usage } from "../../core/usage.ts";
import { Count, knownCounts } from "../token-count.ts";

const Details = z.record(z.string(), z.unknown()).catch({});

const WireUsage = z
  .object({
    input_tokens: Count,
    output_tokens: Count,
    input_tokens_details: Details,
    output_tokens_details: Details,
  })
  .catch({
    input_tokens: 0,
    output_tokens: 0,
    input_tokens_details: {},
    output_tokens_details: {},
  });

/** One call's usage in our terms: the wire counts cached tokens as input, we do not. */
export function usageOfResponse(wire: unknown): Usage {
  const { input_tokens, output_tokens, ...details } = WireUsage.parse(wire);
  const { cached_tokens, cache_write_tokens } = details.input_tokens_details;
  const cachedInput = Count.parse(cached_tokens);
  return {
    calls: 1,
    input: Math.max(0, input_tokens - cachedInput - Count.parse(cache_write_tokens)),
    cachedInput,
    output: output_tokens,
    ...knownCounts({
      cacheWrite: cache_write_tokens,
      reasoning: details.output_tokens_details.reasoning_tokens,
    }),
  };
}
