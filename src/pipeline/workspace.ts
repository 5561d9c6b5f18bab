import type { Workspace } from "../core/sandbox.ts";
import type { TaskState } from "./task-state.ts";

/** A commit of a task, in the environment that the default branch asks for; a dry run installs nothing. */
export function workspaceOf(
  mirror: { readonly gitDir: string },
  { task, environment }: Pick<TaskState, "task" | "environment">,
  commit: string,
): Workspace {
  const wish = task.dryRun ? { ...environment, setup: [] } : environment;
  return { gitDir: mirror.gitDir, commit, taskId: task.id, environment: wish };
}
