import { baseOf, type StageUpdate, type TaskState } from "./task-state.ts";
import type { TaskMirror, Workbench } from "./workbench.ts";

/** How often a merge is made anew because one of its sides went on: a busy base must not keep it for ever. */
const ROUNDS = 3;

/**
 * What became of a verified merge while it was verified: nothing, another round from what the sides are now, or an
 * ending. A base that only went on is no reason where its newest commits go in without a conflict.
 */
export async function staleness(
  bench: Workbench,
  state: TaskState,
  signal: AbortSignal,
): Promise<StageUpdate | undefined> {
  const { mergedWith, task } = state;
  if (!mergedWith) throw new Error("There is nothing that was merged in.");
  const mirror = await bench.mirror();
  const pull = await (await bench.platform()).pullRequest(task.issue);
  const newest = await mirror.fetch(pull.base, signal);
  if (newest === mergedWith.commit) return undefined;
  const went = await wentOn(mirror, { from: mergedWith.commit, to: newest }, signal);
  const isLast = (state.round ?? 0) >= ROUNDS;
  if (!went) return isLast ? { outcome: { kind: "refused", reason: REWRITTEN } } : again(state);
  if (isLast) return undefined;
  const isWanted = pull.merges === "behind" || !(await goesIn(state, { mirror, newest, signal }));
  return isWanted ? again(state) : undefined;
}

const REWRITTEN =
  "The base was rewritten each time while the merge was verified: what was merged is not part of it any more.";

/**
 * Another round from the branch as it is now, for what Nexus keeps mergeable: an earlier run for the same branch may
 * have moved it. Undefined where nobody moved it, or somebody waits for an answer.
 */
export async function movedByOthers(
  bench: Workbench,
  state: TaskState,
  signal: AbortSignal,
): Promise<StageUpdate | undefined> {
  if (!state.task.keepsMergeable || (state.round ?? 0) >= ROUNDS) return undefined;
  const { branch, commit } = baseOf(state);
  const tip = await (await bench.mirror()).fetch(branch, signal);
  return tip === commit ? undefined : again(state, { branch, commit: tip });
}

function again(state: TaskState, base = baseOf(state)): StageUpdate {
  const none = { mergedWith: undefined, merged: undefined, baseline: undefined };
  return { ...none, round: (state.round ?? 0) + 1, base, commits: [], evidence: undefined };
}

/** Whether a branch holds all that it held before. */
async function wentOn(
  mirror: TaskMirror,
  { from, to }: { readonly from: string; readonly to: string },
  signal: AbortSignal,
): Promise<boolean> {
  await mirror.deepen({ ours: from, theirs: to }, signal);
  const merge = await mirror.mergeCommits({ ours: from, theirs: to });
  return merge.kind !== "no-base" && merge.bases.join() === from;
}

interface GoesIn {
  readonly mirror: TaskMirror;
  readonly newest: string;
  readonly signal: AbortSignal;
}

async function goesIn(state: TaskState, { mirror, newest, signal }: GoesIn): Promise<boolean> {
  const sides = { ours: state.evidence?.commit ?? baseOf(state).commit, theirs: newest };
  await mirror.deepen(sides, signal);
  return (await mirror.mergeCommits(sides)).kind === "clean";
}
