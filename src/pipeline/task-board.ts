import { type Board, openBoard } from "../swarm/board.ts";
import type { TaskState } from "./task-state.ts";
import type { Memory } from "./workbench.ts";

const KEY = "board";

/** The board of a task's workers, as it was left. One at a time: two would write over each other. */
export function openTaskBoard(
  memory: Pick<Memory, "recall" | "remember">,
  { workPlan }: Pick<TaskState, "workPlan">,
): Promise<Board> {
  const items = (workPlan?.items ?? []).map(({ id }) => id);
  return openBoard(items, {
    load: () => memory.recall(KEY),
    save: (value) => memory.remember(KEY, value),
  });
}

/** The same for somebody who works when all of them have ended: there is nobody to post to. */
export async function openBoardAfterwards(
  memory: Pick<Memory, "recall" | "remember">,
  state: Pick<TaskState, "workPlan">,
): Promise<Board> {
  const board = await openTaskBoard(memory, state);
  for (const { id } of state.workPlan?.items ?? []) board.leave(id);
  return board;
}
