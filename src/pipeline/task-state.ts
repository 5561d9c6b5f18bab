import { Annotation } from "@langchain/langgraph";
import { intentOf } from "../conversation/intent.ts";
import type { Caps } from "../core/budget.ts";
import type { ChangeSet } from "../core/change-set.ts";
import type { Correction } from "../core/correction.ts";
import type { Evidence, Proof } from "../core/evidence.ts";
import type { FileReport } from "../core/merge.ts";
import type { Outcome, RecordedCommand, Unfinished } from "../core/outcome.ts";
import type { Check, Plan } from "../core/plan.ts";
import type { Asked, Question } from "../core/question.ts";
import type { EnvironmentWish } from "../core/sandbox.ts";
import type { Task } from "../core/task.ts";
import { addUsage, NO_USAGE, type Usage } from "../core/usage.ts";
import type { Weakening } from "../core/weakening.ts";

/** Where the work starts: the tip of the default branch when the task was prepared. */
export interface Base {
  readonly branch: string;
  readonly commit: string;
}

/** One commit of the branch that will be proposed. */
export interface BranchCommit {
  readonly title: string;
  /** Id of the work item that it is of; absent where it is of none. */
  readonly item?: string | undefined;
  readonly changeSet: ChangeSet;
}

/** What a work item came to: its ChangeSet against the commit it started from. */
export interface ItemResult {
  readonly item: string;
  readonly changeSet: ChangeSet;
}

/** What a try to correct the branch began with, for the case that it makes more red than before. */
export interface BeforeAttempt {
  readonly commits: readonly BranchCommit[];
  readonly evidence: Evidence;
  readonly merged: readonly FileReport[] | undefined;
  readonly unfinished: readonly Unfinished[] | undefined;
}

/** Why a green run is not good yet: it is given back to a worker, once. */
export interface SentBack {
  /** The green commit. */
  readonly commit: string;
  readonly weakened: readonly Weakening[];
  /** Tests of QA items that pass without the change. */
  readonly unproven: readonly Proof[];
}

/** Everything a task knows, as it is kept between stages. Small: commits and ids, no file bodies. */
export const TaskState = Annotation.Root({
  task: Annotation<Task>,
  base: Annotation<Base | undefined>,
  /** What a pull request is merged with: the tip of the branch that it is to go into. */
  mergedWith: Annotation<Base | undefined>,
  /** How often that merge was made anew because one of its sides went on; absent at first. */
  round: Annotation<number | undefined>,
  /** How each file was merged on which git alone stopped. */
  merged: Annotation<readonly FileReport[] | undefined>,
  /** The commands of the repository that must pass. */
  checks: Annotation<readonly Check[]>,
  /** What the default branch says of the place where commands run. */
  environment: Annotation<EnvironmentWish | undefined>,
  /** Programs, or programs with their first words, that it forbids agents to run. */
  deny: Annotation<readonly string[] | undefined>,
  /** The most that it lets models cost. */
  budget: Annotation<Caps | undefined>,
  /** The checks on the base, before anybody changed anything. */
  baseline: Annotation<Evidence | undefined>,
  /** What people were asked, and what they answered; absent where nothing was asked before this road began. */
  asked: Annotation<Asked | undefined>,
  /** What people have to answer before anybody works: the road ends with it. */
  question: Annotation<Question | undefined>,
  /** The architect's plan. */
  workPlan: Annotation<Plan | undefined>,
  results: Annotation<readonly ItemResult[]>,
  /** Work items that failed, or built on one that did; what the others came to goes on without them. */
  unfinished: Annotation<readonly Unfinished[] | undefined>,
  /** The branch so far, oldest first; each commit stands on the one before, the first on the base. */
  commits: Annotation<readonly BranchCommit[]>,
  /** The shadow run of the newest commit. */
  evidence: Annotation<Evidence | undefined>,
  corrections: Annotation<number>,
  /** The tries to correct what is red, oldest first; absent before the first. */
  attempts: Annotation<readonly Correction[] | undefined>,
  beforeAttempt: Annotation<BeforeAttempt | undefined>,
  /** Why a green run was given back to a worker; absent where none was. It happens once. */
  sentBack: Annotation<SentBack | undefined>,
  /** Until when the first red check of that shadow run is kept for people (ISO 8601). */
  heldUntil: Annotation<string | undefined>,
  /** Files that workers changed outside the paths of their items; the changes were dropped. */
  leftBehind: Annotation<readonly string[]>({ reducer: joined, default: () => [] }),
  /** Commands that a dry run wrote down instead of executing them. */
  written: Annotation<readonly RecordedCommand[]>({
    reducer: (before, more) => [...before, ...more],
    default: () => [],
  }),
  usage: Annotation<Usage>({ reducer: addUsage, default: () => NO_USAGE }),
  outcome: Annotation<Outcome | undefined>,
});
export type TaskState = typeof TaskState.State;

function joined(before: readonly string[], more: readonly string[]): readonly string[] {
  return [...new Set([...before, ...more])];
}

/** What a stage found out. */
export type StageUpdate = Partial<TaskState>;

/** The newest commit of the branch, or the base where nothing was changed yet. */
export function headOf(state: TaskState): string {
  return state.commits?.at(-1)?.changeSet.commit ?? baseOf(state).commit;
}

/** Whether a pull request is to be merged with its base: its own short road. */
export function isResolving({ task }: Pick<TaskState, "task">): boolean {
  return !task.planFirst && intentOf(task.request).kind === "resolve";
}

/** The base of a prepared task. */
export function baseOf(state: TaskState): Base {
  if (!state.base) throw new Error("The task was not prepared.");
  return state.base;
}
