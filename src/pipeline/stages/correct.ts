import type { CheckResult, Evidence } from "../../core/evidence.ts";
import type { Outcome } from "../../core/outcome.ts";
import type { WorkItem } from "../../core/plan.ts";
import { kept } from "../keep-for-people.ts";
import { type Assignment, runWorker, type WorkerDone, WorkerEnded } from "../run-worker.ts";
import { headOf, type StageUpdate, type TaskState } from "../task-state.ts";
import type { Workbench } from "../workbench.ts";

/** Gives the red checks to one worker, on top of what is there. The bound is the verify stage's. */
export const correct =
  (bench: Workbench) =>
  async (state: TaskState, signal: AbortSignal): Promise<StageUpdate> => {
    const { team } = bench;
    const { workPlan: plan, evidence } = state;
    if (!team || !plan || !evidence)
      throw new Error("There is nothing to correct, or nobody to do it.");

    const corrections = state.corrections + 1;
    const red = evidence.checks.filter((check) => !check.passed);
    await bench.desk.track(state, `correction ${corrections} of ${bench.limits.corrections}`);
    const item = correctionItem(corrections, red, plan.items);
    bench.tell({ kind: "correction", attempt: corrections, item: item.id });
    const notes = red.map(failingCheck).join("\n\n");
    const job = { bench, team, state, item, commit: headOf(state), notes };
    const attempted = await attempt(job, signal);
    if (attempted instanceof WorkerEnded) {
      const { heldUntil } = state;
      const outcome = stillRed({ evidence, corrections, ended: attempted.outcome, heldUntil });
      return { usage: attempted.usage, corrections, outcome };
    }
    const { changeSet, usage, leftBehind } = attempted;
    if (changeSet.files.length === 0) {
      const held = kept(state.heldUntil);
      const outcome = { kind: "checks-failed", evidence, corrections, ...held } as const;
      return { usage, corrections, leftBehind, outcome };
    }
    const commits = [...state.commits, { title: item.title, changeSet }];
    return { usage, corrections, leftBehind, commits };
  };

async function attempt(job: Assignment, signal: AbortSignal): Promise<WorkerDone | WorkerEnded> {
  try {
    return await runWorker(job, signal);
  } catch (error) {
    if (error instanceof WorkerEnded) return error;
    throw error;
  }
}

interface Red {
  readonly evidence: Evidence;
  readonly corrections: number;
  /** How the worker ended that was to correct it. */
  readonly ended: Outcome;
  readonly heldUntil: string | undefined;
}

/** People need the red check more than the model's trouble: they are told of both. */
function stillRed({ evidence, corrections, ended, heldUntil }: Red): Outcome {
  if (ended.kind === "budget-exhausted") return { ...ended, evidence };
  if (ended.kind !== "model-failed") return ended;
  const { code, reason } = ended;
  const stopped = { code, reason };
  return { kind: "checks-failed", evidence, corrections, stopped, ...kept(heldUntil) };
}

/** A correction may touch what the plan may touch, no more. */
function correctionItem(
  number: number,
  red: readonly CheckResult[],
  items: readonly WorkItem[],
): WorkItem {
  const names = red.map((check) => check.name).join(", ");
  return {
    id: `correction-${number}`,
    title: `Correct ${names}`.slice(0, 120),
    department: "backend",
    goal: `These checks fail on the merged work: ${names}. Change the code so that they pass. Do not weaken a check or a test.`,
    paths: [...new Set(items.flatMap((item) => item.paths))],
    dependsOn: [],
  };
}

function failingCheck(check: CheckResult): string {
  return `Check ${check.name}: \`${check.command}\` ended with exit code ${check.exitCode}.\n${check.output}`;
}
