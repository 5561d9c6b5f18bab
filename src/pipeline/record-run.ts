import type { ChangeSet } from "../core/change-set.ts";
import type { Outcome } from "../core/outcome.ts";
import type { PlanResult } from "../swarm/architect.ts";
import type { Assignment } from "../swarm/assignment.ts";
import type { WorkerLimits } from "../swarm/limits.ts";
import type { TaskState } from "./task-state.ts";
import { Assigned, type Ended } from "./trajectory.ts";

interface Given {
  readonly commit: string;
  readonly assignment: Assignment;
  readonly state: Pick<TaskState, "deny" | "environment">;
  readonly limits: WorkerLimits | undefined;
}

/** The row with which a worker's trajectory begins. */
export function assigned({ state, ...given }: Given): Assigned {
  const { deny, environment } = state;
  return Assigned.parse({ kind: "assigned", ...given, deny: deny ?? [], environment });
}

/** The row with which the trajectory of a worker ends that finished. */
export function finishedWith(changeSet: ChangeSet): Ended {
  return { kind: "ended", ending: { kind: "finished", changeSet } };
}

/** The row with which the architect's trajectory ends, with a plan or without one. */
export function plannedWith(result: PlanResult): Ended {
  if (result.kind === "planned")
    return { kind: "ended", ending: { kind: "planned", plan: result.plan } };
  const { reason } = result;
  return { kind: "ended", ending: { kind: "gave-up", code: "architect.malformed", reason } };
}

/** The row with which the trajectory of an agent ends that ended its task. */
export function endedBy(outcome: Outcome): Ended {
  const code = "code" in outcome ? outcome.code : outcome.kind;
  const reason = "reason" in outcome ? outcome.reason : outcome.kind;
  return { kind: "ended", ending: { kind: "gave-up", code, reason } };
}
