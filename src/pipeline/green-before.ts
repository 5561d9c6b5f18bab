import type { BranchCommit, TaskState } from "./task-state.ts";

/** The branch as it was green when it was sent back, where something was put on it since; undefined elsewhere. */
export function greenBefore({
  sentBack,
  commits,
}: Pick<TaskState, "sentBack" | "commits">): readonly BranchCommit[] | undefined {
  const at = commits.findIndex(({ changeSet }) => changeSet.commit === sentBack?.commit);
  return at === -1 || at === commits.length - 1 ? undefined : commits.slice(0, at + 1);
}
