import { z } from "zod";

const Tokens = z.number().int().nonnegative();

/** Tokens of model calls. `input` excludes what was read from the cache and what was written to it. */
export const Usage = z.object({
  calls: z.number().int().nonnegative(),
  input: Tokens,
  cachedInput: Tokens,
  /** Written to the vendor's cache, which some sell dearer than input; absent where nothing was reported. */
  cacheWrite: Tokens.optional(),
  /** Reasoning included. */
  output: Tokens,
  /** What of the output was reasoning; absent where nothing was reported. */
  reasoning: Tokens.optional(),
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
    ...sumOf("cacheWrite", a, b),
    ...sumOf("reasoning", a, b),
  };
}

function sumOf(name: "cacheWrite" | "reasoning", a: Usage, b: Usage): Partial<Usage> {
  if (a[name] === undefined && b[name] === undefined) return {};
  return { [name]: (a[name] ?? 0) + (b[name] ?? 0) };
}
