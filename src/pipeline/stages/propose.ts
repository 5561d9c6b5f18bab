import { branchName } from "../../conversation/branch-name.ts";
import { checkRunText } from "../../conversation/check-run-text.ts";
import { pullRequestText } from "../../conversation/pull-request-text.ts";
import { NexusError } from "../../core/errors.ts";
import type { Evidence } from "../../core/evidence.ts";
import { baseOf, headOf, type StageUpdate, type TaskState } from "../task-state.ts";
import type { Workbench } from "../workbench.ts";

/** Publishes the verified commit, reads back what the platform holds, and states only that. */
export const propose =
  (bench: Workbench) =>
  async (state: TaskState, signal: AbortSignal): Promise<StageUpdate> => {
    const evidence = greenEvidence(state);
    const base = baseOf(state);
    const head = evidence.commit;
    const branch = branchName(state.task);
    await bench.desk.track(state, "green: opening the pull request");

    const bundle = await (await bench.mirror()).bundle(base.commit, head);
    const { tree } = evidence;
    const push = { kind: "push", branch, base: base.commit, head, tree } as const;
    await bench.desk.carryOut("push", push, { signal, bundle });

    const issue = await (await bench.platform()).issue(state.task.issue);
    const text = pullRequestText({
      task: state.task,
      issue,
      evidence,
      baseline: state.baseline,
      commits: state.commits,
      usage: state.usage,
      branch,
      base: base.branch,
    });
    const wish = {
      kind: "pull-request",
      branch,
      base: base.branch,
      ...text,
      draft: false,
    } as const;
    const pull = await bench.desk.carryOut("pull-request", wish, { signal });

    const check = checkRunText(evidence);
    const run = {
      kind: "check-run",
      head,
      name: "Nexus shadow run",
      conclusion: "success",
      ...check,
      externalId: state.task.id,
    } as const;
    await bench.desk.carryOut("check-run", run, { signal });

    if (pull.kind !== "pull-request")
      throw new Error(`A pull request was wanted, a ${pull.kind} came back.`);
    if (pull.head !== head) return { outcome: movedAway(pull.head, head) };
    const { number, url } = pull;
    return { outcome: { kind: "proposed", pullRequest: { number, url, head, branch }, evidence } };
  };

/** Evidence for exactly the commit that would be pushed; anything else is a bug worth stopping for. */
function greenEvidence(state: TaskState): Evidence {
  const { evidence } = state;
  if (!evidence?.passed || evidence.commit !== headOf(state)) {
    throw new NexusError("git.failed", "The branch's head is not the commit that was verified.");
  }
  return evidence;
}

function movedAway(actual: string, verified: string) {
  const reason = `The pull request's head is ${actual}, not the verified ${verified}: somebody moved the branch.`;
  return { kind: "failed", code: "git.rejected", reason } as const;
}
