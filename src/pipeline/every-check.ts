import type { Check } from "../core/plan.ts";
import type { TaskState } from "./task-state.ts";

/** Why a change that nothing proves is not pushed. */
export const NOTHING_PROVES =
  "Neither the repository nor the plan names a check, so the change cannot be proven and is not pushed.";

/** The repository's checks, then what the plan adds to them. */
export function everyCheck({ checks, workPlan }: TaskState): Check[] {
  const known = new Set(checks.map((check) => check.command));
  return [...checks, ...(workPlan?.checks ?? []).filter((check) => !known.has(check.command))];
}
