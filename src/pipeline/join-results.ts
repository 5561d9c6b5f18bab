import { commitMessage } from "../conversation/commit-message.ts";
import { type JoinResult, joinChangeSets } from "../merge/merge.ts";
import { inOrder } from "../swarm/scheduler.ts";
import { headOf, type ItemResult, type TaskState } from "./task-state.ts";
import type { Workbench } from "./workbench.ts";

/** Joins results of work items onto the branch so far, in the plan's dependency order. */
export async function joinResults(
  bench: Workbench,
  state: TaskState,
  results: readonly ItemResult[],
): Promise<JoinResult> {
  const mirror = await bench.mirror();
  const items = inOrder(state.workPlan?.items ?? []);
  return joinChangeSets({
    base: headOf(state),
    order: items.flatMap(({ id }) => results.filter((result) => result.item === id)),
    messageOf: (id) => commitMessage(state.task, titleOf(state, id)),
    mirror,
    syntax: await bench.syntax(),
  });
}

/** What a work item is called. */
export function titleOf(state: TaskState, id: string): string {
  return state.workPlan?.items.find((item) => item.id === id)?.title ?? id;
}
