import type { CheckResult, Evidence } from "../../core/evidence.ts";
import type { WorkItem } from "../../core/plan.ts";
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
    const notes = red.map(failingCheck).join("\n\n");
    const attempted = await attempt(
      { bench, team, state, item, commit: headOf(state), notes },
      signal,
    );
    if (attempted.kind === "ended") return attempted.update;

    const { changeSet, usage, leftBehind } = attempted.done;
    if (changeSet.files.length === 0)
      return { usage, corrections, leftBehind, outcome: failed(evidence, corrections) };
    const commits = [...state.commits, { title: item.title, changeSet }];
    return { usage, corrections, leftBehind, commits };
  };

type Attempt =
  | { readonly kind: "done"; readonly done: WorkerDone }
  | { readonly kind: "ended"; readonly update: StageUpdate };

async function attempt(job: Assignment, signal: AbortSignal): Promise<Attempt> {
  try {
    return { kind: "done", done: await runWorker(job, signal) };
  } catch (error) {
    if (!(error instanceof WorkerEnded)) throw error;
    return { kind: "ended", update: { usage: error.usage, outcome: error.outcome } };
  }
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

function failed(evidence: Evidence, corrections: number) {
  return { kind: "checks-failed", evidence, corrections } as const;
}
