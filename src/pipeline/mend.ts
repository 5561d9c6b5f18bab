import { triedSoFar } from "./correction/progress.ts";
import { type Assignment, runWorker, type WorkerDone, WorkerEnded } from "./run-worker.ts";
import { mendingItem, mendingNotes, sentBackNow } from "./sent-back.ts";
import type { Stage } from "./task-graph.ts";
import { headOf, type SentBack, type StageUpdate, type TaskState } from "./task-state.ts";
import type { Workbench } from "./workbench.ts";

interface Mending {
  readonly bench: Workbench;
  readonly state: TaskState;
  readonly sentBack: SentBack;
}

/** What was sent back green is mended; everything else is for the other stage. */
export function mendOr(bench: Workbench, otherwise: Stage): Stage {
  return (state, signal) => {
    const sentBack = sentBackNow(state);
    return sentBack ? mend({ bench, state, sentBack }, signal) : otherwise(state, signal);
  };
}

/** Gives a green run back to one worker. Whatever comes of it, what is green stays: it is proposed with what is wrong in it told. */
async function mend(
  { bench, state, sentBack }: Mending,
  signal: AbortSignal,
): Promise<StageUpdate> {
  const { team } = bench;
  const { workPlan: plan } = state;
  if (!team || !plan) throw new Error("There is nobody to mend it.");
  const corrections = state.corrections + 1;
  await bench.desk.track(state, `correction ${corrections} of ${bench.limits.corrections}`);
  const item = mendingItem(corrections, sentBack, plan.items);
  bench.tell({ kind: "correction", attempt: corrections, item: item.id });
  const notes = mendingNotes(sentBack);
  const done = await attempt({ bench, team, state, item, commit: headOf(state), notes }, signal);
  if (done instanceof WorkerEnded) return { usage: done.usage, corrections };
  const { changeSet, usage, leftBehind } = done;
  if (changeSet.files.length === 0) return { usage, corrections, leftBehind };
  const commits = [...state.commits, { title: item.title, changeSet }];
  // What was green before is told of the tries before, whatever becomes of this commit.
  const attempts = state.attempts && triedSoFar(state.attempts, state.evidence);
  return { usage, corrections, leftBehind, attempts, commits };
}

async function attempt(job: Assignment, signal: AbortSignal): Promise<WorkerDone | WorkerEnded> {
  try {
    return await runWorker(job, signal);
  } catch (error) {
    if (error instanceof WorkerEnded) return error;
    throw error;
  }
}
