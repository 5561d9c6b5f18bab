import { readBrief } from "../brief.ts";
import { NOTHING_PROVES } from "../every-check.ts";
import type { StageUpdate, TaskState } from "../task-state.ts";
import type { Workbench } from "../workbench.ts";

const NO_MODEL = "This needs a model and none is configured (MODEL and MODEL_API_KEY).";

/** Asks the architect for work items. Without a model the road ends here, with what is known. */
export const plan =
  (bench: Workbench) =>
  async (state: TaskState, signal: AbortSignal): Promise<StageUpdate> => {
    if (!bench.team) {
      const evidence = state.evidence ?? state.baseline;
      return {
        outcome: { kind: "model-required", reason: NO_MODEL, ...(evidence && { evidence }) },
      };
    }
    await bench.desk.track(state, "the architect is planning");
    const brief = await readBrief(bench, state);
    const onStep = (step: unknown) => bench.memory.step("architect", step);
    const result = await bench.team.architect.plan(brief, { signal, onStep });
    if (result.kind === "malformed") {
      const outcome = {
        kind: "model-failed",
        code: "model.malformed",
        reason: result.reason,
      } as const;
      return { usage: result.usage, outcome };
    }
    if (state.checks.length + result.plan.checks.length === 0) {
      return { usage: result.usage, outcome: { kind: "no-checks", reason: NOTHING_PROVES } };
    }
    const planned = { ...state, workPlan: result.plan };
    await bench.desk.track(planned, "workers are starting");
    return { workPlan: result.plan, usage: result.usage };
  };
