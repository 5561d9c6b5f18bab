import type { BaseCheckpointSaver } from "@langchain/langgraph";
import { NexusError } from "../core/errors.ts";
import type { Outcome } from "../core/outcome.ts";
import type { Asked, Question } from "../core/question.ts";
import type { Task } from "../core/task.ts";
import { withTried } from "./correction/progress.ts";
import { createStages } from "./stages/create-stages.ts";
import { createTaskGraph, type Stage, type StageName, type Stages } from "./task-graph.ts";
import type { StageUpdate, TaskState } from "./task-state.ts";
import { withUnfinished } from "./unfinished.ts";
import { withPatch } from "./with-patch.ts";
import type { Workbench } from "./workbench.ts";

/** Told when a stage begins and ends; awaited, so that it can be recorded. */
type OnStage = (stage: StageName, phase: "start" | "end") => Promise<void>;

interface Run {
  readonly task: Task;
  /** What people were asked, and what they answered; absent where nothing was asked. */
  readonly asked?: Asked | undefined;
  readonly bench: Workbench;
  readonly checkpointer: BaseCheckpointSaver;
  readonly onStage: OnStage;
  readonly signal: AbortSignal;
}

/** How a task ended, with all that was found out on the way. */
export interface Ended {
  readonly outcome: Outcome;
  readonly state: TaskState;
}

/** A task that goes on when people have answered. */
export interface Asks {
  readonly question: Question;
  readonly state: TaskState;
}

/** More supersteps than the longest road has: every stage once, and a generous bound of corrections. */
const LONGEST_ROAD = 100;

/** Runs a task from its beginning or from where an earlier run was cut off. */
export async function runTask(run: Run): Promise<Ended | Asks> {
  const { task, asked, bench, checkpointer, signal } = run;
  const atWork = new Set<Promise<unknown>>();
  const stages = watched(createStages(bench), { bench, onStage: run.onStage, atWork });
  const graph = createTaskGraph(stages, checkpointer);
  const thread = { configurable: { thread_id: task.id } };
  const before = await graph.getState(thread);
  const started = isStarted(before.values);
  const isCurrent = started && answersIn(before.values.asked) === answersIn(asked);
  // An ending needs nothing more of this machine.
  if (isCurrent && before.next.length === 0) return ended(before.values);
  const usable = isCurrent && (await isHere(before.values, bench));
  if (started && !usable) await checkpointer.deleteThread(task.id);

  const config = { ...thread, signal, durability: "sync" as const, recursionLimit: LONGEST_ROAD };
  try {
    const state = await graph.invoke(usable ? null : beginning(task, asked), config);
    signal.throwIfAborted();
    return ended(state);
  } finally {
    // The graph lets go of a stage the moment the signal fires; its containers are still to be closed.
    await Promise.allSettled(atWork);
    await bench.sandbox.cool(task.id);
  }
}

/** What is known of a task, ended or not. */
export async function stateOf(
  checkpointer: BaseCheckpointSaver,
  taskId: string,
): Promise<Partial<TaskState>> {
  const tuple = await checkpointer.getTuple({ configurable: { thread_id: taskId } });
  return tuple?.checkpoint.channel_values ?? {};
}

function isStarted(state: Partial<TaskState>): state is TaskState {
  return state.task !== undefined;
}

/** With each answer the road begins anew, wherever it was left: the base has gone on since. */
function answersIn(asked: Asked | undefined): number {
  return asked?.answers.length ?? 0;
}

function beginning(task: Task, asked: Asked | undefined): StageUpdate {
  return asked ? { task, asked, usage: asked.question.usage } : { task };
}

/** Commits live in this machine's mirror: a task that began elsewhere, or whose mirror was lost, begins anew. */
async function isHere(state: TaskState, bench: Workbench): Promise<boolean> {
  if (!state.base) return true;
  const mirror = await bench.mirror();
  const branch = [...(state.commits ?? []), ...(state.beforeAttempt?.commits ?? [])];
  const made = [...branch, ...(state.results ?? [])];
  const commits = [state.base.commit, ...made.map(({ changeSet }) => changeSet.commit)];
  const here = await Promise.all(commits.map((commit) => mirror.hasCommit(commit)));
  return here.every(Boolean);
}

function ended(state: TaskState): Ended | Asks {
  if (state.question) return { question: state.question, state };
  if (!state.outcome) throw new NexusError("store.corrupt", "The road ended without an outcome.");
  return { outcome: withTried(withUnfinished(state.outcome, state.unfinished), state), state };
}

interface Watch {
  readonly bench: Workbench;
  readonly onStage: OnStage;
  /** Stages that have begun and not ended. */
  readonly atWork: Set<Promise<unknown>>;
}

function watched(stages: Stages, { bench, onStage, atWork }: Watch): Stages {
  const run = async (name: StageName, ...[state, signal]: Parameters<Stage>) => {
    signal.throwIfAborted();
    bench.tell({ kind: "stage", stage: name, phase: "start" });
    await onStage(name, "start");
    // What the default branch says holds again after a crash.
    bench.account?.lower(state.budget ?? {});
    const update = await withPatch(bench, state, await stages[name](state, signal));
    await onStage(name, "end");
    bench.tell({ kind: "stage", stage: name, phase: "end" });
    return update;
  };
  const watch =
    (name: StageName): Stage =>
    (state, signal) => {
      const stage = run(name, state, signal).finally(() => atWork.delete(stage));
      atWork.add(stage);
      return stage;
    };
  return {
    admit: watch("admit"),
    prepare: watch("prepare"),
    diagnose: watch("diagnose"),
    resolve: watch("resolve"),
    repair: watch("repair"),
    plan: watch("plan"),
    work: watch("work"),
    merge: watch("merge"),
    verify: watch("verify"),
    correct: watch("correct"),
    propose: watch("propose"),
    update: watch("update"),
  };
}
