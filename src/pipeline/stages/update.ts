import { NexusError } from "../../core/errors.ts";
import type { Evidence } from "../../core/evidence.ts";
import { mergeEvidence } from "../green-evidence.ts";
import { movedByOthers, staleness } from "../merge-anew.ts";
import { keepResolutions } from "../resolutions.ts";
import { type Base, baseOf, headOf, type StageUpdate, type TaskState } from "../task-state.ts";
import { tellInBody } from "../tell-in-body.ts";
import { whyNotMove } from "../why-not-move.ts";
import type { Workbench } from "../workbench.ts";
import { writeCheckRun } from "../write-check-run.ts";
import { admit } from "./admit.ts";

/**
 * Moves the pull request's own branch forward to the verified merge, from exactly where it was read. What the checks
 * took time for is asked again before; a merge that came too late for its sides is made anew.
 */
export const update =
  (bench: Workbench) =>
  async (state: TaskState, signal: AbortSignal): Promise<StageUpdate> => {
    const evidence = mergeEvidence(state);
    const { mergedWith } = state;
    if (!mergedWith) throw new Error("There is nothing that was merged in.");
    const merge = { bench, state, evidence, mergedWith };
    return (
      (await notNow(bench, state, signal)) ??
      (await pushed(merge, signal)) ??
      (await told(merge, signal))
    );
  };

interface Merge {
  readonly bench: Workbench;
  readonly state: TaskState;
  readonly evidence: Evidence;
  readonly mergedWith: Base;
}

/** What is to be done instead, where the branch was moved before; undefined once it is where it belongs. */
async function pushed(
  { bench, state, evidence, mergedWith }: Merge,
  signal: AbortSignal,
): Promise<StageUpdate | undefined> {
  await bench.desk.track(state, "moving the branch forward");
  const { branch, commit: base } = baseOf(state);
  const { commit: head, tree } = evidence;
  const joins = mergedWith.commit;
  const bundle = await (await bench.mirror()).bundle(base, head, [joins]);
  const push = { kind: "push", branch, base, head, tree, joins } as const;
  try {
    await bench.desk.carryOut("push", push, { signal, bundle });
    return undefined;
  } catch (error) {
    const moved = isRefusal(error) && (await movedByOthers(bench, state, signal));
    if (moved) return moved;
    throw error;
  }
}

async function told(
  { bench, state, evidence, mergedWith }: Merge,
  signal: AbortSignal,
): Promise<StageUpdate> {
  if (evidence.passed) await keepResolutions(bench);
  const before = evidence.passed ? undefined : state.baseline;
  const checkRunProblem = await writeCheckRun({ bench, state, evidence }, signal);
  await tellInBody({ bench, state, mergedWith, evidence, before }, signal);
  const { issue: number } = state.task;
  const { url } = await (await bench.platform()).pullRequest(number);
  const pullRequest = { number, url, head: evidence.commit, branch: baseOf(state).branch };
  const facts = { pullRequest, base: mergedWith, evidence };
  return {
    outcome: {
      kind: "resolved",
      ...facts,
      ...(before && { before }),
      ...(checkRunProblem !== undefined && { checkRunProblem }),
    },
  };
}

/** Why the branch is not moved, or not yet; undefined where it is to be moved, or was by an earlier run of this. */
async function notNow(
  bench: Workbench,
  state: TaskState,
  signal: AbortSignal,
): Promise<StageUpdate | undefined> {
  const mirror = await bench.mirror();
  const reason = await whyNotMove(bench, state);
  if (reason !== undefined) return { outcome: { kind: "refused", reason } };
  const denied = await admit(bench)(state);
  if (denied.outcome) return denied;
  const tip = await mirror.fetch(baseOf(state).branch, signal);
  if (tip === headOf(state)) return undefined;
  return (await movedByOthers(bench, state, signal)) ?? (await staleness(bench, state, signal));
}

function isRefusal(error: unknown): boolean {
  return error instanceof NexusError && error.code === "github.refused";
}
