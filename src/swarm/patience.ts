import type { WorkerLimits } from "./limits.ts";
import type { Step } from "./step.ts";

/** Why no further step is waited for. */
interface Impatience {
  readonly kind: "gave-up";
  readonly code: "malformed" | "no-call";
  readonly reason: string;
}

/** Looks at each step once, in order. */
export interface Patience {
  after(step: Step): Impatience | undefined;
}

/** Patience with replies that bring the work no further; one useful call restores it. */
export function createPatience(limits: WorkerLimits): Patience {
  let malformed = 0;
  let silent = 0;
  return {
    after(step) {
      const isSilent = step.calls.length === 0 && step.stop !== "length";
      const isUseful = step.calls.some((call) => call.kind === "done" || call.kind === "failed");
      silent = isSilent ? silent + 1 : 0;
      if (isUseful) malformed = 0;
      else if (!isSilent) malformed += 1;
      if (malformed >= limits.maxMalformed) {
        const last = step.calls.find((call) => call.kind === "malformed")?.result;
        const detail = last ?? "The reply was cut off because it was too long.";
        const reason = `${malformed} replies in a row could not be understood. The last one: ${detail}`;
        return { kind: "gave-up", code: "malformed", reason };
      }
      if (silent <= limits.maxReminders) return undefined;
      const reason = `${silent} replies in a row called no tool.`;
      return { kind: "gave-up", code: "no-call", reason };
    },
  };
}
