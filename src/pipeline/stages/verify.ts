import type { Evidence } from "../../core/evidence.ts";
import type { FileReport, HunkReport } from "../../core/merge.ts";
import type { Outcome } from "../../core/outcome.ts";
import { dryRunOutcome, writtenChecks } from "../dry-run.ts";
import { everyCheck } from "../every-check.ts";
import { examined, sendBack } from "../examine.ts";
import { greenBefore } from "../green-before.ts";
import { keepForPeople, kept } from "../keep-for-people.ts";
import { checksBefore, isRedAsBefore } from "../red-before.ts";
import { shadowRun } from "../shadow-run.ts";
import { baseOf, headOf, isResolving, type StageUpdate, type TaskState } from "../task-state.ts";
import { tellCheck } from "../tell-check.ts";
import type { Workbench } from "../workbench.ts";

/** The shadow run: all checks on the branch's newest commit. Its exit codes are the only verdict. */
export const verify =
  (bench: Workbench) =>
  async (state: TaskState, signal: AbortSignal): Promise<StageUpdate> => {
    if (state.task.dryRun) return await verifyDry(bench, state);
    await bench.desk.track(state, "shadow run");
    // What was kept of an earlier try is of interest no more.
    if (state.heldUntil !== undefined) await bench.sandbox.release(state.task.id);
    const checks = everyCheck(state);
    const keeper = keepForPeople({
      checks: checks.length,
      asked: state.task.hold ?? false,
      mayBeLast: state.workPlan !== undefined || isResolving(state),
    });
    const ran = await shadowRun(
      {
        sandbox: bench.sandbox,
        mirror: await bench.mirror(),
        taskId: state.task.id,
        environment: state.environment,
        base: baseOf(state).commit,
        commit: headOf(state),
        checks,
        afterCheck: keeper.afterCheck,
        onCheck: tellCheck(bench, "head"),
      },
      signal,
    );
    const seen = { bench, state, evidence: withReport(ran, state.merged) };
    const evidence = await examined(seen, signal);
    await bench.keepEvidence(evidence);
    const heldUntil = keeper.until();
    if (isResolving(state) && !evidence.passed) {
      return redMerge({ bench, state, evidence, heldUntil }, signal);
    }
    const sentBack = sendBack({ bench, state, evidence });
    if (sentBack) return { evidence, heldUntil, sentBack };
    const outcome = endingOf({ state, evidence, isLastTry: isLastTry(bench, state), heldUntil });
    return { evidence, heldUntil, ...(outcome && { outcome }) };
  };

function isLastTry({ limits }: Workbench, state: TaskState): boolean {
  // Red on top of green is taken back, which is no try.
  if (greenBefore(state)) return false;
  return state.workPlan !== undefined && state.corrections >= limits.corrections;
}

async function verifyDry(bench: Workbench, state: TaskState): Promise<StageUpdate> {
  const written = writtenChecks(state, "the result");
  const all = { ...state, written: [...state.written, ...written] };
  return { written, outcome: await dryRunOutcome(bench, all) };
}

/** What was only proposed has passed the checks where they are green. */
function withReport(evidence: Evidence, merged: readonly FileReport[] | undefined): Evidence {
  if (!merged) return evidence;
  const checked = (hunk: HunkReport): HunkReport =>
    evidence.passed && hunk.confidence === "proposed" ? { ...hunk, confidence: "checked" } : hunk;
  return {
    ...evidence,
    merge: merged.map((file) => ({ ...file, hunks: file.hunks.map(checked) })),
  };
}

interface RedMerge {
  readonly bench: Workbench;
  readonly state: TaskState;
  readonly evidence: Evidence;
  readonly heldUntil: string | undefined;
}

/** What two sides make together is for people to mend, not for a correction; what failed before is not the merge's. */
async function redMerge(
  { bench, state, evidence, heldUntil }: RedMerge,
  signal: AbortSignal,
): Promise<StageUpdate> {
  const before = await checksBefore(bench, state, { after: evidence, signal });
  if (!isRedAsBefore(evidence, before)) {
    const outcome = { kind: "checks-failed", evidence, before, corrections: 0 } as const;
    return { evidence, heldUntil, outcome: { ...outcome, ...kept(heldUntil) } };
  }
  if (heldUntil !== undefined) await bench.sandbox.release(state.task.id);
  return { evidence, baseline: before, heldUntil: undefined };
}

interface Verified {
  readonly state: TaskState;
  readonly evidence: Evidence;
  readonly isLastTry: boolean;
  /** Until when a session is kept for people. */
  readonly heldUntil: string | undefined;
}

/** Undefined where the road goes on. */
function endingOf({ state, evidence, isLastTry, heldUntil }: Verified): Outcome | undefined {
  if (evidence.passed)
    return heldUntil === undefined ? undefined : { kind: "held", evidence, until: heldUntil };
  if (!isLastTry) return undefined;
  const { corrections } = state;
  return { kind: "checks-failed", evidence, corrections, ...kept(heldUntil) };
}
