import { dryRunOutcome, writtenChecks } from "../dry-run.ts";
import { everyCheck } from "../every-check.ts";
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
    const evidence = await shadowRun(
      {
        sandbox: bench.sandbox,
        mirror: await bench.mirror(),
        taskId: state.task.id,
        environment: state.environment,
        base: baseOf(state).commit,
        commit: headOf(state),
        checks: everyCheck(state),
      },
      signal,
    );
    await bench.keepEvidence(evidence);
    if (evidence.passed || state.corrections < bench.limits.corrections || !state.workPlan)
      return { evidence };
    const { corrections } = state;
    return { evidence, outcome: { kind: "checks-failed", evidence, corrections } };
  };
