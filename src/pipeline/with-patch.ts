import { headOf, type StageUpdate, type TaskState } from "./task-state.ts";
import type { Workbench } from "./workbench.ts";

const LONGEST = 1_000_000;

/** Keeps what is on the branch of a task that ran out of money, as the stage left it, and names it in the outcome. */
export async function withPatch(
  bench: Workbench,
  state: TaskState,
  update: StageUpdate,
): Promise<StageUpdate> {
  const { outcome } = update;
  if (outcome?.kind !== "budget-exhausted" || !state.base) return update;
  const base = state.base.commit;
  const head = headOf({ ...state, ...update });
  if (head === base) return update;
  const mirror = await bench.mirror();
  const files = [...(await mirror.changedFiles(base, head))];
  const diff = await mirror.diff(base, head, LONGEST);
  await bench.memory.remember("patch", { base, head, diff });
  return { ...update, outcome: { ...outcome, patch: { base, head, files } } };
}
