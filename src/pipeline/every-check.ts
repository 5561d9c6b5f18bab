import type { CheckResult } from "../core/evidence.ts";
import type { Check } from "../core/plan.ts";
import type { TaskState } from "./task-state.ts";

/** A check with who named it, as its result will say. */
export type NamedCheck = Check & Pick<CheckResult, "namedBy">;

/** The repository's checks, then what the plan adds to them, marked as its own. */
export function everyCheck({ checks, workPlan }: TaskState): NamedCheck[] {
  const known = new Set(checks.map((check) => check.command));
  const added = (workPlan?.checks ?? []).filter((check) => !known.has(check.command));
  return [...checks, ...added.map((check) => ({ ...check, namedBy: "plan" as const }))];
}
