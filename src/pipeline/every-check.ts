import type { CheckResult } from "../core/evidence.ts";
import type { Check, WorkItem } from "../core/plan.ts";
import type { TaskState } from "./task-state.ts";

/** A check with who named it and what it is to prove, as its result will say. */
export type NamedCheck = Check & Pick<CheckResult, "namedBy" | "item">;

/** The repository's checks, then what the plan adds to them and what its items are to be accepted by, marked as its own. */
export function everyCheck(
  state: Pick<TaskState, "checks" | "workPlan" | "unfinished">,
): NamedCheck[] {
  const { checks, workPlan } = state;
  const planned = (workPlan?.checks ?? []).map((check) => ({ ...check, namedBy: "plan" as const }));
  const seen = new Set(checks.map(({ command }) => command));
  const added = [...planned, ...acceptances(state)].filter(({ command }) => {
    const isNew = !seen.has(command);
    seen.add(command);
    return isNew;
  });
  return [...checks, ...added];
}

/** The work items that are in the branch. */
export function itemsDone({
  workPlan,
  unfinished = [],
}: Pick<TaskState, "workPlan" | "unfinished">): readonly WorkItem[] {
  const open = new Set(unfinished.map(({ item }) => item));
  return (workPlan?.items ?? []).filter(({ id }) => !open.has(id));
}

function acceptances(state: Pick<TaskState, "workPlan" | "unfinished">): NamedCheck[] {
  return itemsDone(state).flatMap(({ id, acceptance }) =>
    acceptance ? [{ ...acceptance, namedBy: "plan" as const, item: id }] : [],
  );
}
