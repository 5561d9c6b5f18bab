import { branchName } from "../../conversation/branch-name.ts";
import { pullRequestText } from "../../conversation/pull-request-text.ts";
import { isWeakened } from "../../conversation/weakened-text.ts";
import type { EffectResult } from "../../core/effect.ts";
import type { Evidence } from "../../core/evidence.ts";
import { triedSoFar } from "../correction/progress.ts";
import { greenEvidence } from "../green-evidence.ts";
import { keepResolutions } from "../resolutions.ts";
import { baseOf, type StageUpdate, type TaskState } from "../task-state.ts";
import type { Workbench } from "../workbench.ts";
import { writeCheckRun } from "../write-check-run.ts";

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

    // A correction may have mended just them.
    if (state.corrections === 0) await keepResolutions(bench);

    // Before the pull request: whoever opens it finds the proof there.
    const checkRunProblem = await writeCheckRun({ bench, state, evidence }, signal);
    const pull = await openPullRequest({ bench, state, evidence }, signal);
    if (pull.head !== head) return { outcome: movedAway(pull.head, head) };
    const { number, url } = pull;
    bench.tell({ kind: "pull-request", number, url });
    const pullRequest = { number, url, head, branch };
    const problem = checkRunProblem === undefined ? {} : { checkRunProblem };
    return { outcome: { kind: "proposed", pullRequest, evidence, ...problem } };
  };

interface Proposal {
  readonly bench: Workbench;
  readonly state: TaskState;
  readonly evidence: Evidence;
}

async function openPullRequest(
  { bench, state, evidence }: Proposal,
  signal: AbortSignal,
): Promise<Extract<EffectResult, { kind: "pull-request" }>> {
  const issue = await (await bench.platform()).issue(state.task.issue);
  const branch = branchName(state.task);
  const base = baseOf(state).branch;
  const { task, baseline, commits, usage, leftBehind, unfinished = [] } = state;
  const known = { task, issue, evidence, baseline, commits, usage, leftBehind, unfinished };
  const tried = triedSoFar(state.attempts, evidence);
  const cost = await bench.account?.cost();
  const text = pullRequestText({ cost, ...known, tried, branch, base });
  const draft = unfinished.length > 0 || isWeakened(evidence);
  const wish = { kind: "pull-request", branch, base, ...text, draft } as const;
  const pull = await bench.desk.carryOut("pull-request", wish, { signal });
  if (pull.kind !== "pull-request")
    throw new Error(`A pull request was wanted, a ${pull.kind} came back.`);
  return pull;
}

function movedAway(actual: string, verified: string) {
  const reason = `The pull request's head is ${actual}, not the verified ${verified}: somebody moved the branch.`;
  return { kind: "failed", code: "git.rejected", reason } as const;
}
