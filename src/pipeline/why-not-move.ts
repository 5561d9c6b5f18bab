import type { TaskState } from "./task-state.ts";
import type { Workbench } from "./workbench.ts";

/** Why this pull request's branch is not Nexus' to move, as the platform says now; undefined where it may. */
export async function whyNotMove(
  bench: Workbench,
  { task, base }: Pick<TaskState, "task" | "base">,
): Promise<string | undefined> {
  if (!task.isPullRequest || !base) return NO_PULL_REQUEST;
  const platform = await bench.platform();
  const [pull, { defaultBranch }] = await Promise.all([
    platform.pullRequest(task.issue),
    platform.repository(),
  ]);
  if (pull.state !== "open") return "The pull request is not open any more.";
  if (base.branch === defaultBranch || base.branch === pull.base) {
    return `Nexus does not push to ${base.branch}: other work starts from it.`;
  }
  if (await platform.isProtected(base.branch)) {
    return `The branch ${base.branch} is protected: Nexus does not push to it.`;
  }
  return undefined;
}

const NO_PULL_REQUEST =
  "There is no pull request here that could be merged with its base. Say what is to be changed in other words.";
