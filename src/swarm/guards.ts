import type { Usage } from "../core/usage.ts";
import { createIdleness } from "./idleness.ts";
import type { WorkerLimits } from "./limits.ts";
import { createPatience } from "./patience.ts";
import type { Step } from "./step.ts";
import type { Turn } from "./turn.ts";

/** Why a worker was stopped. */
export type GaveUpCode =
  | "too-many-steps"
  | "too-many-tokens"
  | "too-long"
  | "malformed"
  | "looping"
  | "stuck"
  | "no-call";

type Judged =
  | { readonly kind: "goes-on" /** True: it is to be told. */; readonly isIdle: boolean }
  | { readonly kind: "gave-up"; readonly code: GaveUpCode; readonly reason: string };

/** Who says when a worker is stopped. */
export interface Guards {
  /** Looks at each step once, in order, with what all calls so far have used. */
  after(step: Step, seen: { readonly turn: Turn; readonly usage: Usage }): Judged;
}

/** The limits of one worker at one item. Time counts from now on. */
export function createGuards(limits: WorkerLimits, now: () => number = () => 0): Guards {
  const patience = createPatience(limits);
  const idleness = createIdleness(limits);
  const began = now();
  return {
    after(step, { turn, usage }) {
      const idle = idleness.after(turn);
      const impatience = loop(turn) ?? patience.after(step);
      if (impatience) return impatience;
      if (idle === "stuck") return gaveUp("stuck", stuckFor(limits));
      const spent = { steps: step.number, tokens: tokensOf(usage), ms: now() - began };
      return beyond(limits, spent) ?? { kind: "goes-on", isIdle: idle === "to-be-told" };
    },
  };
}

function loop({ ending }: Turn): Judged | undefined {
  if (ending.kind !== "looping") return undefined;
  const reason = `The worker made the same call to ${ending.tool} with the same result again and again.`;
  return gaveUp("looping", reason);
}

interface Spent {
  readonly steps: number;
  readonly tokens: number;
  readonly ms: number;
}

function beyond(limits: WorkerLimits, { steps, tokens, ms }: Spent): Judged | undefined {
  const unfinished = "The work item was not finished";
  if (steps >= limits.maxSteps) {
    return gaveUp("too-many-steps", `${unfinished} after ${limits.maxSteps} steps.`);
  }
  if (tokens >= limits.maxTokens) {
    const allowed = `of the ${limits.maxTokens} that it may use`;
    return gaveUp("too-many-tokens", `${unfinished} after ${tokens} tokens ${allowed}.`);
  }
  if (ms < limits.maxMs) return undefined;
  const minutes = (limits.maxMs / 60_000).toLocaleString("en", { maximumFractionDigits: 1 });
  return gaveUp("too-long", `${unfinished} after ${minutes} minutes.`);
}

function stuckFor({ stopAtIdle }: WorkerLimits): string {
  return `The worker changed no file and saw nothing new for ${stopAtIdle} steps.`;
}

function tokensOf({ input, cachedInput, cacheWrite = 0, output }: Usage): number {
  return input + cachedInput + cacheWrite + output;
}

function gaveUp(code: GaveUpCode, reason: string): Judged {
  return { kind: "gave-up", code, reason };
}
