import { z } from "zod";
import type { Usage } from "../../core/usage.ts";
import { Count, knownCounts } from "../token-count.ts";

const WireUsage = z.object({
  promptTokenCount: Count,
  toolUsePromptTokenCount: Count,
  cachedContentTokenCount: Count,
  candidatesTokenCount: Count,
  thoughtsTokenCount: Count,
});

/** One call's usage in our terms: the wire counts cached tokens as input, and thoughts apart from the output. */
export function usageOfGemini(wire: unknown): Usage {
  const given = typeof wire === "object" && wire !== null ? wire : {};
  const data = WireUsage.parse(given);
  const { cachedContentTokenCount: cachedInput, thoughtsTokenCount: thoughts } = data;
  const prompt = data.promptTokenCount + data.toolUsePromptTokenCount;
  return {
    calls: 1,
    input: Math.max(0, prompt - cachedInput),
    cachedInput,
    output: data.candidatesTokenCount + thoughts,
    ...knownCounts({
      cacheWrite: undefined,
      reasoning: "thoughtsTokenCount" in given ? thoughts : undefined,
    }),
  };
}
