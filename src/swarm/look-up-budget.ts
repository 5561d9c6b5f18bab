import type { Usage } from "../core/usage.ts";

/** How much the architect may look up before it has to decide. */
export interface LookUpLimits {
  readonly maxCalls: number;
  readonly maxReplies: number;
  /** Characters that all answers together may bring, and one of them. */
  readonly maxOutput: number;
  readonly maxCallOutput: number;
  /** Tokens of all requests and replies. */
  readonly maxTokens: number;
  /** The same call this often ends the looking: it brings nothing new. */
  readonly maxRepeats: number;
}

/** Limits for an architect that looks before it plans, and does not do the workers' reading. */
export const LOOK_UP_LIMITS: LookUpLimits = {
  maxCalls: 40,
  maxReplies: 16,
  maxOutput: 160_000,
  maxCallOutput: 16_000,
  maxTokens: 1_000_000,
  maxRepeats: 3,
};

/** What is left of an architect's look-ups. */
export interface LookUpBudget {
  /** Why nothing more is looked up, in words for the model; undefined while there is room. */
  exhausted(): string | undefined;
  /** One reply was paid for. */
  paid(usage: Usage): void;
  /** One reply was answered by look-ups. */
  asked(): void;
  /** One look-up was made. */
  made(call: { readonly name: string; readonly input: string; readonly result: string }): void;
  /** How many characters the next answer may have. */
  room(): number;
}

/** A budget for one plan. */
export function createLookUpBudget(limits: LookUpLimits): LookUpBudget {
  const seen = new Map<string, number>();
  let [calls, replies, output, tokens, repeats] = [0, 0, 0, 0, 0];
  return {
    exhausted() {
      if (repeats >= limits.maxRepeats) return `the same call was made ${repeats} times`;
      if (calls >= limits.maxCalls) return `${calls} calls were made`;
      if (replies >= limits.maxReplies) return `${replies} replies asked for it`;
      if (output >= limits.maxOutput) return "their answers are as long as they may be";
      return tokens >= limits.maxTokens ? `${tokens} tokens were used` : undefined;
    },
    paid(usage) {
      const { input, cachedInput, cacheWrite = 0, output: written } = usage;
      tokens += input + cachedInput + cacheWrite + written;
    },
    asked() {
      replies += 1;
    },
    made({ name, input, result }) {
      calls += 1;
      output += result.length;
      const key = JSON.stringify([name, input]);
      const times = (seen.get(key) ?? 0) + 1;
      seen.set(key, times);
      repeats = Math.max(repeats, times);
    },
    room: () => Math.max(200, Math.min(limits.maxCallOutput, limits.maxOutput - output)),
  };
}
