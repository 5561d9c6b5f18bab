import { findChecks, unusableChecks } from "../find-checks.ts";
import { isResolving, type StageUpdate, type TaskState } from "../task-state.ts";
import type { Workbench } from "../workbench.ts";
import { workspaceOf } from "../workspace.ts";

/** Brings the base into the mirror and finds the commands that prove a change. */
export const prepare =
  (bench: Workbench) =>
  async (state: TaskState, signal: AbortSignal): Promise<StageUpdate> => {
    const mirror = await bench.mirror();
    const tips = await fetchTips(bench, state, signal);
    if ("reason" in tips) return { outcome: { kind: "refused", ...tips } };
    const { branch, policy, commit } = tips;
    const found = await findChecks(mirror, { policy, commit });
    if ("problems" in found) return { outcome: unusableChecks(found.problems) };
    if (found.ignored !== undefined)
      await bench.memory.step("prepare", { kind: "ignored", reason: found.ignored });
    const { checks, environment, deny, budget } = found;
    const base = { branch, commit };
    // Next the checks are run on it.
    const isNext = checks.length > 0 && !state.task.dryRun && !isResolving(state);
    if (isNext) bench.sandbox.warm(workspaceOf(mirror, { ...state, environment }, commit));
    const nothing = { commits: [], results: [], corrections: 0 };
    return { base, checks, environment, deny, budget, ...nothing };
  };

/** What the task is about, and who decides on it; or why nothing can come of it. */
async function fetchTips(bench: Workbench, { task }: TaskState, signal: AbortSignal) {
  const [platform, mirror] = await Promise.all([bench.platform(), bench.mirror()]);
  const { defaultBranch } = await platform.repository();
  const policy = await mirror.fetch(defaultBranch, signal);
  if (!task.isPullRequest) return { branch: defaultBranch, policy, commit: policy };
  const { branch, sameRepository, state } = await platform.pullRequest(task.issue);
  if (!sameRepository) return FORK;
  if (state !== "open") return CLOSED;
  return { branch, policy, commit: await mirror.fetch(branch, signal) };
}

const FORK = { reason: "The pull request comes from a fork; Nexus cannot push to it." };
/** Nobody would look at a change of it, and its branch may be gone: a plan can wait longer than it. */
const CLOSED = { reason: "The pull request is not open any more." };
