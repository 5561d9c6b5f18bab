import { z } from "zod";
import type { Approval } from "./approval.ts";
import type { Effect } from "./effect.ts";
import type { Outcome } from "./outcome.ts";
import { Plan } from "./plan.ts";
import type { Lease, TaskRecord } from "./record.ts";
import { Task } from "./task.ts";
import { Usage } from "./usage.ts";

/** A plan that waits for a person's word, as it is shown to people. */
export const Question = z.object({
  plan: Plan,
  /** Where the plan was made. */
  base: z.object({ branch: z.string(), commit: z.string() }),
  /** Files that the plan names by their whole path, and that were there. */
  named: z.array(z.string()),
  /** Why the plan is shown again, in Markdown of ours; absent the first time. */
  reason: z.string().optional(),
  /** Ids of work items that people left out of earlier forms of it: they do not come back. */
  without: z.array(z.string()),
  usage: Usage,
});
export type Question = z.infer<typeof Question>;

/** What somebody said to a plan. */
export const Answer = z.object({
  /** The id of the delivery. */
  id: z.string(),
  by: z.string(),
  commentId: z.number().int(),
  /** All that was said, for people. Hostile text. */
  said: z.string(),
  /** What of it only the architect can read; empty where nothing is. Hostile text. */
  words: z.string(),
  /** Ids of the work items that are left out. */
  without: z.array(z.string()),
  /** Ids of the work items that were named to stay; absent where none were. */
  kept: z.array(z.string()).optional(),
  ...Task.pick({ budget: true, dryRun: true, hold: true }).shape,
});
export type Answer = z.infer<typeof Answer>;

/** What was asked last of a task, and all that was ever answered, oldest first. */
export interface Asked {
  readonly question: Question;
  readonly answers: readonly Answer[];
}

/** How the newest request on an issue stands. */
export interface Standing {
  readonly record: TaskRecord;
  /** Absent where nothing was ever asked. */
  readonly asked?: Asked | undefined;
  /** Whether the question was there before this word on it came. */
  readonly isSeen: boolean;
}

/** A question that is to be given up. */
export interface Overdue extends Asked {
  readonly record: TaskRecord;
  /** Who asked for something newer on the same issue; absent where nobody answered in time. */
  readonly replacedBy?: string | undefined;
}

/** Tasks that wait for a person. */
export interface Questions {
  /** The task waits for an answer, and the effects are wanted, in one transaction. Twice is once. Throws `task.lease-lost`. */
  ask(lease: Lease, question: Question, effects: readonly Effect[]): Promise<void>;
  /** Undefined for a task of which nothing was ever asked. */
  of(taskId: string): Promise<Asked | undefined>;
  /** The newest request on the issue or pull request of an approval, ended or not. */
  newest(approval: Approval): Promise<Standing | undefined>;
  /**
   * Settles the delivery, keeps the answer and lets the task go on, in one transaction. False, and nothing
   * happens, where this question does not wait any more.
   */
  answer(asked: Lease, given: Given, effects: readonly Effect[]): Promise<boolean>;
  /** Questions asked longer ago than this by the record's clock, or before something newer on the same issue. */
  overdue(waitMs: number): Promise<readonly Overdue[]>;
  /** Ends a task that waits for an answer; false, and nothing happens, where this question does not wait any more. */
  withdraw(asked: Lease, outcome: Outcome, effects: readonly Effect[]): Promise<boolean>;
}

/** An answer with the delivery that it came by. */
export interface Given {
  readonly approval: Approval;
  readonly answer: Answer;
}

/** The task as these answers leave it: they can lower its budget, and keep it from pushing. */
export function taskAfter(task: Task, answers: readonly Answer[]): Task {
  const budgets = [task, ...answers].flatMap(({ budget }) =>
    budget === undefined ? [] : [budget],
  );
  return {
    ...task,
    ...(budgets.length > 0 && { budget: Math.min(...budgets) }),
    ...(answers.some(({ dryRun }) => dryRun) && { dryRun: true }),
    ...(answers.some(({ hold }) => hold) && { hold: true }),
  };
}
