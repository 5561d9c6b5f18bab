import type { Evidence } from "../../core/evidence.ts";
import type { Outcome } from "../../core/outcome.ts";
import { dryRunOutcome, writtenChecks } from "../dry-run.ts";
import { everyCheck } from "../every-check.ts";
import { keepForPeople } from "../keep-for-people.ts";
import { shadowRun } from "../shadow-run.ts";
import { baseOf, headOf, type StageUpdate, type TaskState } from "../task-state.ts";
import type { Workbench } from "../workbench.ts";

/** The shadow run: all checks on the branch's newest commit. Its exit codes are the only verdict. */
export const verify =
  (bench: Workbench) =>
  async (state: TaskState, signal: AbortSignal): Promise<StageUpdate> => {
    if (state.task.dryRun) {
      const written = writtenChecks(state, "the result");
      const all = { ...state, written: [...state.written, ...written] };
      return { written, outcome: await dryRunOutcome(bench, all) };
    }
    await bench.desk.track(state, "shadow run");
    const checks = everyCheck(state);
    const isLastTry = !!state.workPlan && state.corrections >= bench.limits.corrections;
    const keeper = keepForPeople({
      checks: checks.length,
      asked: state.task.hold ?? false,
      isLastTry,
    });
    const evidence = await shadowRun(
      {
        sandbox: bench.sandbox,
        mirror: await bench.mirror(),
        taskId: state.task.id,
        environment: state.environment,
        base: baseOf(state).commit,
        commit: headOf(state),
        checks,
        afterCheck: keeper.afterCheck,
      },
      signal,
    );
    await bench.keepEvidence(evidence);
    const outcome = endingOf({ state, evidence, isLastTry, until: keeper.until() });
    return { evidence, ...(outcome && { outcome }) };
  };

interface Verified {
  readonly state: TaskState;
  readonly evidence: Evidence;
  readonly isLastTry: boolean;
  /** Until when a session is kept for people. */
  readonly until: string | undefined;
}

/** Undefined where the road goes on. */
function endingOf({ state, evidence, isLastTry, until }: Verified): Outcome | undefined {
  if (evidence.passed) return until === undefined ? undefined : { kind: "held", evidence, until };
  if (!isLastTry) return undefined;
  const { corrections } = state;
  return { kind: "checks-failed", evidence, corrections, ...(until && { heldUntil: until }) };
}
