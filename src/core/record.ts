import type { Delivery } from "./delivery.ts";
import type { Effect, EffectResult } from "./effect.ts";
import type { Evidence } from "./evidence.ts";
import type { Outcome } from "./outcome.ts";
import type { Task } from "./task.ts";

/** The right to work on a task. Every write under a lease is refused once a newer epoch exists. */
export interface Lease {
  readonly taskId: string;
  readonly epoch: number;
}

export interface TaskRecord {
  readonly task: Task;
  /** `asked`: it waits for a person, is held by nobody, and nobody can claim it. */
  readonly state: "waiting" | "running" | "asked" | "done";
  readonly epoch: number;
  /** How often a lease ran out without being handed back, since the last progress. */
  readonly crashes: number;
  /** Trouble outside that made it wait, since the last progress; undefined where there was none. */
  readonly interrupted: { readonly times: number; readonly forMs: number } | undefined;
  readonly outcome: Outcome | undefined;
}

/** Where deliveries are kept until they are a task or refused. */
export interface Inbox {
  /** Committed when it resolves. The same delivery id is kept once. */
  receive(delivery: Delivery): Promise<"new" | "known">;
  /** Undecided deliveries that are due, oldest first. */
  pending(limit: number): Promise<readonly Delivery[]>;
  /** Cannot be decided now: due again after `askedMs`, or after a time that grows with each call. */
  postpone(delivery: Delivery, askedMs?: number): Promise<void>;
  /** Delivery becomes a waiting task, and its effects are wanted, in one transaction. Twice is once. */
  accept(task: Task, effects: readonly Effect[]): Promise<void>;
  /** Settles what becomes no task itself. */
  refuse(delivery: Delivery, reason: string, effects: readonly Effect[]): Promise<void>;
}

export interface Tasks {
  find(id: string): Promise<TaskRecord | undefined>;
  list(limit: number): Promise<readonly TaskRecord[]>;
  /** The ids that begin like this, newest first. */
  startingWith(prefix: string, limit: number): Promise<readonly string[]>;
  /** The ids of all tasks that somebody works on, or whose worker went silent. */
  running(): Promise<readonly string[]>;
  /** Tasks to be worked on now: waiting and due, or running under a lease that ran out by the database's clock. Oldest first. */
  runnable(limit: number): Promise<readonly Lease[]>;
  /** Raises the epoch and takes the lease; undefined when somebody else holds it, it is not due, or the task is done. */
  claim(id: string, by: { worker: string; leaseMs: number }): Promise<TaskRecord | undefined>;
  /** False when the lease was lost. */
  renew(lease: Lease, leaseMs: number): Promise<boolean>;
  /** Hands the task back, to be claimed at once by anybody. Not a crash. */
  release(lease: Lease): Promise<void>;
  /** Hands the task back, to be claimed after `delayMs`. Counted as an interruption, not as a crash. */
  postpone(lease: Lease, delayMs: number): Promise<void>;
  /** The task came further than ever: what went wrong before is forgotten. The same stage counts once. */
  progress(lease: Lease, stage: string): Promise<void>;
  /**
   * Stores the outcome and wants the effects in one transaction. Pushes, pull requests and check runs that
   * were wanted and are not done are dropped: a task that ended changes nothing. The event `ended` comes with
   * it. Throws `task.lease-lost`.
   */
  finish(lease: Lease, outcome: Outcome, effects: readonly Effect[]): Promise<void>;
}

export type EffectStatus =
  | { readonly state: "wanted" }
  | { readonly state: "done"; readonly result: EffectResult }
  | { readonly state: "failed"; readonly reason: string };

export interface TakenEffect {
  readonly effect: Effect;
  readonly version: number;
  readonly attempts: number;
  /** How long ago this wish was taken for the first time. */
  readonly triedForMs: number;
  /** The git bundle of a push. */
  readonly bundle: Uint8Array | undefined;
}

/** Outward writes: wanted by tasks, carried out by the publisher. */
export interface Effects {
  /**
   * Wants an effect. The same wish again changes nothing, unless it was given up; another wish replaces
   * it. Throws `task.lease-lost`.
   */
  want(lease: Lease, effect: Effect, bundle?: Uint8Array): Promise<void>;
  /** Of the newest wish under this id; undefined when it was never wanted. */
  status(id: string): Promise<EffectStatus | undefined>;
  /**
   * Takes the oldest effects that are due and hides them from other publishers for `holdMs`. Effects of
   * one task come in order; only reactions are not waited for.
   */
  take(limit: number, holdMs: number): Promise<readonly TakenEffect[]>;
  /** Hides what was taken for another `holdMs`, if nobody took it since. */
  hold(taken: TakenEffect, holdMs: number): Promise<void>;
  done(taken: TakenEffect, result: EffectResult): Promise<void>;
  retry(taken: TakenEffect, reason: string, delayMs: number): Promise<void>;
  /** For good: the same wish is not tried again. */
  fail(taken: TakenEffect, reason: string): Promise<void>;
  /** Not done in time: the same wish may be wished again. */
  giveUp(taken: TakenEffect, reason: string): Promise<void>;
}

/** What an agent did, as it was saved. */
export interface SavedStep {
  /** Grows with each step that is saved. */
  readonly seq: string;
  readonly agent: string;
  readonly step: unknown;
  /** ISO 8601. */
  readonly at: string;
}

/** Which steps: those after this `seq`, from the first on where it is left out. */
interface StepPage {
  readonly after?: string | undefined;
  readonly limit: number;
}

/** What happened, for people and for a second run after a crash. */
export interface Journal {
  /** A result stored earlier under this key, as JSON. */
  recall(taskId: string, key: string): Promise<unknown>;
  remember(lease: Lease, key: string, value: unknown): Promise<void>;
  /** Appends to the trajectory of one agent. */
  step(taskId: string, agent: string, step: unknown): Promise<void>;
  /** The trajectories of a task's agents as they were saved, oldest first: the next `limit` steps after this one. */
  steps(taskId: string, page: StepPage): Promise<readonly SavedStep[]>;
}

/** Evidence by the SHA-256 of its JSON. */
export interface EvidenceStore {
  keep(evidence: Evidence): Promise<string>;
  find(digest: string): Promise<Evidence | undefined>;
}
