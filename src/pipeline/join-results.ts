import { commitMessage } from "../conversation/commit-message.ts";
import { type JoinResult, joinChangeSets } from "../merge/merge.ts";
import { inOrder } from "../swarm/scheduler.ts";
import type { JoiningHelp } from "./help-joining.ts";
import { headOf, type ItemResult, type TaskState } from "./task-state.ts";
import type { Workbench } from "./workbench.ts";

/** What is joined, and who is asked where the texts are not enough. */
interface Joined {
  readonly results: readonly ItemResult[];
  readonly help?: JoiningHelp["help"];
}

/** Joins results of work items onto the branch so far, in the plan's dependency order. */
export async function joinResults(
  bench: Workbench,
  state: TaskState,
  { results, help }: Joined,
): Promise<JoinResult> {
  const mirror = await bench.mirror();
  const items = inOrder(state.workPlan?.items ?? []);
  return joinChangeSets({
    base: headOf(state),
    order: items.flatMap(({ id }) => results.filter((result) => result.item === id)),
    messageOf: (id) => commitMessage(state.task, titleOf(state, id)),
    mirror,
    syntax: await bench.syntax(),
    help,
  });
}

/** What a work item is called. */
export function titleOf(state: TaskState, id: string): string {
  return state.workPlan?.items.find((item) => item.id === id)?.title ?? id;
}
