import { detectChecks } from "../../healing/detect-checks.ts";
import type { StageUpdate, TaskState } from "../task-state.ts";
import type { Workbench } from "../workbench.ts";

/** Brings the base into the mirror and finds the commands that prove a change. */
export const prepare =
  (bench: Workbench) =>
  async (state: TaskState, signal: AbortSignal): Promise<StageUpdate> => {
    const [platform, mirror] = await Promise.all([bench.platform(), bench.mirror()]);
    const { defaultBranch } = await platform.repository();
    const policy = await mirror.fetch(defaultBranch, signal);
    const head = state.task.isPullRequest
      ? await platform.pullRequest(state.task.issue)
      : undefined;
    if (head && !head.sameRepository) {
      const reason = "The pull request comes from a fork; Nexus cannot push to it.";
      return { outcome: { kind: "refused", reason } };
    }
    const branch = head?.branch ?? defaultBranch;
    const commit = head ? await mirror.fetch(branch, signal) : policy;

    // What Nexus runs is named on the default branch only: a pull request cannot widen its own power.
    const nexusYml = await mirror.readFile(policy, ".github/nexus.yml");
    const packageJson = await mirror.readFile(commit, "package.json");
    const { checks, problems } = detectChecks({ packageJson, nexusYml });
    if (problems.length > 0) {
      const reason = `.github/nexus.yml or package.json cannot be used: ${problems.join("; ")}`;
      return { outcome: { kind: "no-checks", reason } };
    }
    return { base: { branch, commit }, checks, commits: [], results: [], corrections: 0 };
  };
