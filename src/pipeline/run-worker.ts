import { z } from "zod";
import { commitMessage } from "../conversation/commit-message.ts";
import { ChangeSet } from "../core/change-set.ts";
import type { Outcome } from "../core/outcome.ts";
import { WorkItem } from "../core/plan.ts";
import type { SandboxSession } from "../core/sandbox.ts";
import { addUsage, NO_USAGE, Usage } from "../core/usage.ts";
import type { Board } from "../swarm/board.ts";
import type { CorrectionNotes } from "../swarm/correction-notes.ts";
import { Proof } from "../swarm/proving.ts";
import type { Step } from "../swarm/step.ts";
import { modelsOf, trajectoryEnd, trajectoryKey } from "./correction/trajectory-end.ts";
import { modelFailure } from "./model-failure.ts";
import { type Offered, offeredTo } from "./offered.ts";
import { permitted } from "./permitted.ts";
import { assigned, endedBy, finishedWith } from "./record-run.ts";
import type { TaskState } from "./task-state.ts";
import { tellCommand } from "./tell-command.ts";
import { tellStep } from "./tell-step.ts";
import type { Team, Workbench } from "./workbench.ts";
import { workspaceOf } from "./workspace.ts";

/** What a worker came to. */
export const WorkerDone = z.object({
  changeSet: ChangeSet,
  usage: Usage,
  /** Files it changed outside its item's paths; these changes are dropped. */
  leftBehind: z.array(z.string()),
  /** Commands that it asked for and that a dry run wrote down. */
  written: z.array(z.string()).default([]),
  /** What the commands came to that were to prove it, as they ran in its container. */
  proofs: z.array(Proof).default([]),
  /** Who replied to it. */
  models: z.array(z.string()).default([]),
});
export type WorkerDone = z.infer<typeof WorkerDone>;

/** What is remembered of it: good for exactly this item, since a new plan may use its id for another. */
const Remembered = WorkerDone.extend({ item: WorkItem });

/** A worker that ends the task instead of finishing its item. */
export class WorkerEnded extends Error {
  override readonly name = "WorkerEnded";
  readonly outcome: Outcome;
  readonly usage: Usage;

  constructor(outcome: Outcome, usage: Usage) {
    super(outcome.kind);
    this.outcome = outcome;
    this.usage = usage;
  }
}

/** One work item for one worker. */
export interface Assignment {
  readonly bench: Workbench;
  readonly team: Team;
  readonly state: TaskState;
  readonly item: WorkItem;
  /** The commit the worker starts from. */
  readonly commit: string;
  /** What the item's goal does not say, such as a failing check's output. Hostile text. */
  readonly notes: string;
  /** Where those who work at the same time talk; without it nobody does. */
  readonly board?: Board | undefined;
  /** Set where the item is corrected. */
  readonly correction?: CorrectionNotes | undefined;
}

/**
 * One worker in a container of its own over a mirror of its own; its ChangeSet is what the mirror
 * holds afterwards, whatever the model says of it. A worker that finished before is not run again.
 */
export async function runWorker(job: Assignment, signal: AbortSignal): Promise<WorkerDone> {
  const { bench, state, item, commit } = job;
  const mirror = await bench.mirror();
  // By tree: the commit of joined dependencies is made anew after a crash, what it holds is the same.
  const key = `work/${item.id}/${await mirror.treeOf(commit)}`;
  const { data } = Remembered.safeParse(await bench.memory.recall(key));
  const same = data && JSON.stringify(data.item) === JSON.stringify(WorkItem.parse(item));
  if (data && same && (await mirror.hasCommit(data.changeSet.commit))) {
    const { item: _, ...known } = data;
    return known;
  }

  const workspace = workspaceOf(mirror, state, commit);
  await using session = await bench.sandbox.open(workspace, signal);
  const written: string[] = [];
  const { usage, proofs, steps } = await letWork(job, session, {
    signal,
    written,
    offered: await offeredTo({ ...job, mirror, board: job.board }, signal),
  });
  const changed = { edits: await session.changes(), item, commit, mirror, syntax: bench.syntax };
  const { edits, leftBehind } = await permitted(changed);
  if (leftBehind.length > 0)
    await bench.memory.step(item.id, { kind: "left-behind", paths: leftBehind });
  const message = commitMessage(state.task, item.title);
  const changeSet = await mirror.commitEdits({ parent: commit, edits, message });
  await bench.memory.step(item.id, finishedWith(changeSet));
  await bench.memory.remember(trajectoryKey(item.id), trajectoryEnd(steps));
  // What was proved is not what is handed over.
  const held = leftBehind.length > 0 ? proofs.map((one) => ({ ...one, proved: false })) : proofs;
  const done = { changeSet, usage, leftBehind, written, proofs: held, models: modelsOf(steps) };
  await bench.memory.remember(key, { ...done, item });
  return done;
}

interface Work {
  readonly signal: AbortSignal;
  readonly written: string[];
  readonly offered: Offered;
}

/** Ends the task where the worker gives up or its model fails; what was spent until then is counted. */
async function letWork(
  { bench, team, state, item, commit, notes, correction }: Assignment,
  session: SandboxSession,
  { signal, written, offered }: Work,
): Promise<{ readonly usage: Usage; readonly proofs: Proof[]; readonly steps: readonly Step[] }> {
  let spent = NO_USAGE;
  const onStep = async (step: Step) => {
    spent = addUsage(spent, step.usage);
    await bench.memory.step(item.id, step);
    await tellStep(bench, item.id, step);
  };
  const planSummary = state.workPlan?.summary ?? "";
  const assignment = {
    item,
    request: state.task.request,
    planSummary,
    notes,
    correction,
    ...offered.told,
  };
  const { limits } = team.worker;
  await bench.memory.step(item.id, assigned({ commit, assignment, state, limits }));
  const record = state.task.dryRun ? (command: string) => written.push(command) : undefined;
  try {
    const commands = { deny: state.deny ?? [], record, onRan: tellCommand(bench, item.id) };
    const result = await team.worker.work(assignment, {
      ...offered.place,
      session,
      signal,
      onStep,
      commands,
    });
    if (result.kind === "finished") return { ...result, proofs: [...result.proofs] };
    const { code, reason } = result;
    throw new WorkerEnded({ kind: "model-failed", code: `worker.${code}`, reason }, result.usage);
  } catch (error) {
    const ended = error instanceof WorkerEnded ? error : endedByModel(error, spent);
    if (!ended) throw error;
    await bench.memory.step(item.id, endedBy(ended.outcome));
    throw ended;
  }
}

function endedByModel(error: unknown, spent: Usage): WorkerEnded | undefined {
  const outcome = modelFailure(error);
  return outcome && new WorkerEnded(outcome, spent);
}
