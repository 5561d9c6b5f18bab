import { z } from "zod";
import type { Usage } from "../../core/usage.ts";
import { Count, knownCounts } from "../token-count.ts";

/** The counts of one answer, as the last event that had them said. */
export const WireUsage = z.record(z.string(), z.unknown()).catch({});

const Output = z
  .object({ thinking_tokens: z.unknown().optional() })
  .catch({ thinking_tokens: undefined });

/** Usage in our terms. Anthropic's input already excludes what was read from the cache or written to it. */
export function usageOfMessages(wire: z.infer<typeof WireUsage>): Usage {
  return {
    calls: 1,
    input: Count.parse(wire.input_tokens),
    cachedInput: Count.parse(wire.cache_read_input_tokens),
    output: Count.parse(wire.output_tokens),
    ...knownCounts({
      cacheWrite: wire.cache_creation_input_tokens,
      reasoning: Output.parse(wire.output_tokens_details).thinking_tokens,
    }),
  };
}
