import type { Outcome } from "../../core/outcome.ts";
import type { Plan } from "../../core/plan.ts";
import { addUsage, NO_USAGE, type Usage } from "../../core/usage.ts";
import type { Library } from "../../swarm/library.ts";
import type { Step } from "../../swarm/step.ts";
import { briefOf, readBriefed } from "../brief.ts";
import { heardPlan } from "../heard-plan.ts";
import { openLibrary } from "../library.ts";
import { modelFailure } from "../model-failure.ts";
import { endedBy, plannedWith } from "../record-run.ts";
import { settledPlan } from "../settled-plan.ts";
import { headOf, type StageUpdate, type TaskState } from "../task-state.ts";
import { tellStep } from "../tell-step.ts";
import type { Briefed } from "../trajectory.ts";
import type { Team, Workbench } from "../workbench.ts";
import { workspaceOf } from "../workspace.ts";

const NO_MODEL = "This needs a model and none is configured (MODEL and the key of its provider).";

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
    const library = await libraryOf(bench, state, signal);
    const heard =
      state.asked && (await heardPlan(state.asked, await repositoryOf(bench, state, library)));
    if (heard?.kind === "approved") return begun(bench, state, { workPlan: heard.plan });
    await bench.desk.track(state, "the architect is planning");
    // A worker's container starts while the architect thinks.
    bench.sandbox.warm(workspaceOf(await bench.mirror(), state, headOf(state)));
    const told = { revision: heard?.revision, limits: bench.team.architect.limits, signal };
    const briefed = await readBriefed(bench, state, told);
    const result = await architectPlan({ bench, team: bench.team, briefed, library }, signal);
    if ("outcome" in result) return result;
    return begun(bench, state, await settledPlan(bench, state, { ...result, heard }));
  };

/** What is going to be worked on is told; a plan that waits for people is told when it waits. */
async function begun(
  bench: Workbench,
  state: TaskState,
  update: StageUpdate,
): Promise<StageUpdate> {
  const { workPlan } = update;
  if (!workPlan) return update;
  bench.tell({ kind: "planned", items: workPlan.items });
  await bench.desk.track({ ...state, workPlan }, "workers are starting");
  return update;
}

interface Asking {
  readonly bench: Workbench;
  readonly team: Team;
  readonly briefed: Briefed;
  readonly library: Library;
}

/** The commit that the plan is about, to be looked into. */
async function libraryOf(bench: Workbench, state: TaskState, signal: AbortSignal) {
  const mirror = await bench.mirror();
  return openLibrary({ mirror, commit: headOf(state), syntax: bench.syntax, signal });
}

/** What a plan is held against. */
async function repositoryOf(bench: Workbench, state: TaskState, library: Library) {
  const mirror = await bench.mirror();
  const files = await mirror.listFiles(headOf(state));
  return { files, deny: state.deny, definitions: library.definitions };
}

/** The plan, or how the task ends without one; either way with what was spent. */
async function architectPlan(
  { bench, team, briefed, library }: Asking,
  signal: AbortSignal,
): Promise<{ usage: Usage } & ({ plan: Plan } | { outcome: Outcome })> {
  let spent = NO_USAGE;
  const brief = await briefOf(await bench.mirror(), briefed);
  await bench.memory.step("architect", briefed);
  const onStep = async (step: Step) => {
    spent = addUsage(spent, step.usage);
    await bench.memory.step("architect", step);
    await tellStep(bench, "architect", step);
  };
  try {
    const result = await team.architect.plan(brief, { signal, library, onStep });
    await bench.memory.step("architect", plannedWith(result));
    if (result.kind === "planned") return { usage: result.usage, plan: result.plan };
    const { usage, reason } = result;
    return { usage, outcome: { kind: "model-failed", code: "model.malformed", reason } };
  } catch (error) {
    const outcome = modelFailure(error);
    if (!outcome) throw error;
    await bench.memory.step("architect", endedBy(outcome));
    return { usage: spent, outcome };
  }
}
