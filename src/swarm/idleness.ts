import type { WorkerLimits } from "./limits.ts";

/** Whether a worker still gets anywhere. */
type Idle = "no" | "to-be-told" | "stuck";

/** Looks at each step once, in order. */
export interface Idleness {
  after(step: { readonly isProgress: boolean }): Idle;
}

/** Counts steps in a row in which no file was changed and nothing new was seen. */
export function createIdleness({ tellAtIdle, stopAtIdle }: WorkerLimits): Idleness {
  let idle = 0;
  return {
    after({ isProgress }) {
      idle = isProgress ? 0 : idle + 1;
      if (idle >= stopAtIdle) return "stuck";
      return idle === tellAtIdle ? "to-be-told" : "no";
    },
  };
}
