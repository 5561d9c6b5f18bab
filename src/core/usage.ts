import { z } from "zod";

/** Tokens of model calls. `input` excludes what was read from the cache. */
export const Usage = z.object({
  calls: z.number().int().nonnegative(),
  input: z.number().int().nonnegative(),
  cachedInput: z.number().int().nonnegative(),
  output: z.number().int().nonnegative(),
});
export type Usage = z.infer<typeof Usage>;

/** No call made yet. */
export const NO_USAGE: Usage = { calls: 0, input: 0, cachedInput: 0, output: 0 };

/** The sum of two usages. */
export function addUsage(a: Usage, b: Usage): Usage {
  return {
    calls: a.calls + b.calls,
    input: a.input + b.input,
    cachedInput: a.cachedInput + b.cachedInput,
    output: a.output + b.output,
  };
}
