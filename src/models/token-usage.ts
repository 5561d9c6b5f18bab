import { z } from "zod";
import type { Usage } from "../core/usage.ts";

/** A vendor may leave any count out, send null, or send nonsense: all of it is 0. */
const Count = z.number().nonnegative().transform(Math.floor).catch(0);

const WireUsage = z.object({
  prompt_tokens: Count,
  completion_tokens: Count,
  prompt_tokens_details: z.object({ cached_tokens: Count }).catch({ cached_tokens: 0 }),
  /** Kimi's older place for it. */
  cached_tokens: Count,
});

const NOTHING = {
  prompt_tokens: 0,
  completion_tokens: 0,
  prompt_tokens_details: { cached_tokens: 0 },
  cached_tokens: 0,
};

/** One call's usage in our terms: the wire counts cached tokens as input, we do not. */
export function usageOfCall(wire: unknown): Usage {
  const { data = NOTHING } = WireUsage.safeParse(wire);
  const cachedInput = data.prompt_tokens_details.cached_tokens || data.cached_tokens;
  return {
    calls: 1,
    input: Math.max(0, data.prompt_tokens - cachedInput),
    cachedInput,
    output: data.completion_tokens,
  };
}
