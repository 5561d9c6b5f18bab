import { intentOf } from "../../conversation/intent.ts";
import { dryRunOutcome, writtenChecks } from "../dry-run.ts";
import { NOTHING_PROVES } from "../find-checks.ts";
import { shadowRun } from "../shadow-run.ts";
import { baseOf, type StageUpdate, type TaskState } from "../task-state.ts";
import { tellCheck } from "../tell-check.ts";
import type { Workbench } from "../workbench.ts";

/** Runs the checks on the untouched base: what is red was red before Nexus came. */
export const diagnose =
  (bench: Workbench) =>
  async (state: TaskState, signal: AbortSignal): Promise<StageUpdate> => {
    const repairing = intentOf(state.task.request).kind === "repair";
    if (state.checks.length === 0) {
      return { outcome: { kind: "no-checks", reason: NOTHING_PROVES } };
    }
    if (state.task.dryRun) return await diagnoseDry(bench, state);
    await bench.desk.track(state, "running the checks on the base");
    const { commit } = baseOf(state);
    const run = { sandbox: bench.sandbox, mirror: await bench.mirror(), taskId: state.task.id };
    const baseline = await shadowRun(
      {
        ...run,
        environment: state.environment,
        base: commit,
        commit,
        checks: state.checks,
        onCheck: tellCheck(bench, "base"),
      },
      signal,
    );
    await bench.keepEvidence(baseline);
    if (!repairing || !baseline.passed) return { baseline };
    const reason = "All checks pass on the base already.";
    return { baseline, outcome: { kind: "nothing-to-do", reason, evidence: baseline } };
  };

/** Nothing is executed. Without a model there is nothing more to find out. */
async function diagnoseDry(bench: Workbench, state: TaskState): Promise<StageUpdate> {
  const written = writtenChecks(state, "the base");
  if (bench.team) return { written };
  return { written, outcome: await dryRunOutcome(bench, { ...state, written }) };
}
