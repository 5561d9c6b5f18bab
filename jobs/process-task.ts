import type { Logger } from "pino";
import type { Ledger } from "../src/core/budget.ts";
import { NexusError } from "../src/core/errors.ts";
import type { EventRecord } from "../src/core/event.ts";
import type { Outcome } from "../src/core/outcome.ts";
import type { Questions } from "../src/core/question.ts";
import type { Effects, Lease, TaskRecord, Tasks } from "../src/core/record.ts";
import type { Redact } from "../src/core/redact.ts";
import type { Task } from "../src/core/task.ts";
import { outcomeOfError } from "../src/pipeline/outcome-of-error.ts";
import type { Asks, Ended } from "../src/pipeline/run-task.ts";
import { trackingEffect } from "../src/pipeline/task-effects.ts";
import type { TaskState } from "../src/pipeline/task-state.ts";
import { isQuiet, pushedBy, trackingOf } from "../src/pipeline/tracking.ts";
import { boundedSignal } from "./bounded-signal.ts";
import type { Teller } from "./events/teller.ts";
import { gateEffect, gateOutcome } from "./gate.ts";
import { isPassing, lastReason, remark, triedTooLong, tryLater } from "./interruption.ts";
import { keepLease } from "./keep-lease.ts";
import type { ProcessTask } from "./queue.ts";

/** Crashes after which a task is put aside and its people are told. */
const MOST_CRASHES = 3;

interface Processing {
  readonly tasks: Tasks;
  readonly effects: Effects;
  readonly questions: Pick<Questions, "ask">;
  readonly events: Pick<EventRecord, "latest">;
  readonly teller: Teller;
  readonly ledger: Pick<Ledger, "costOf">;
  /** Runs the road of a task under a lease. */
  readonly run: (task: Task, lease: Lease, signal: AbortSignal) => Promise<Ended | Asks>;
  /** What is known of a task that did not come to its end. */
  readonly known: (task: Task) => Promise<Partial<TaskState>>;
  /** Told of a task that ended: what was kept for a next try may go. */
  readonly forget: (taskId: string) => Promise<void>;
  readonly worker: string;
  readonly leaseMs: number;
  readonly taskTimeoutMs: number;
  readonly redact: Redact;
  /** Fires when this process is to stop: tasks are handed back. */
  readonly shutdown: AbortSignal;
  readonly log: Logger;
}

/** Claims a task, runs it, stores how it ended. Whoever cannot claim it leaves it to the one who did. */
export function processTask(parts: Processing): ProcessTask {
  return async (taskId) => {
    const { worker, leaseMs, log } = parts;
    const record = await parts.tasks.claim(taskId, { worker, leaseMs });
    if (!record) return;
    const lease = { taskId, epoch: record.epoch };
    log.info({ task: taskId, epoch: record.epoch, crashes: record.crashes }, "task claimed");
    parts.teller.tell(taskId, { kind: "claimed", crashes: record.crashes });
    if (record.crashes >= MOST_CRASHES) return putAside(record, lease, parts);
    await work(record, lease, parts);
  };
}

async function work(record: TaskRecord, lease: Lease, parts: Processing): Promise<void> {
  const { task } = record;
  const { tasks, leaseMs, shutdown, log } = parts;
  await using held = keepLease({ tasks, lease, leaseMs, log });
  using bounds = boundedSignal([held.signal, shutdown], parts.taskTimeoutMs);
  const { signal, limit } = bounds;
  try {
    const end = await parts.run(task, lease, signal);
    if ("question" in end) await ask(task, lease, { ...end, parts });
    else await finish({ task, lease, ...end }, parts);
  } catch (error) {
    if (held.signal.aborted || isLeaseLost(error))
      return log.warn({ task: task.id }, "lease lost: left to its new holder");
    if (shutdown.aborted) return handBack(lease, parts);
    await afterFailure(record, { lease, error, lost: held.signal, limit }, parts);
  }
}

/** Nobody holds the task until people have answered, however long that takes. */
async function ask(
  task: Task,
  lease: Lease,
  { question, state, parts }: Asks & { readonly parts: Processing },
): Promise<void> {
  const cost = await parts.ledger.costOf(task.id);
  const comment = trackingEffect(task, trackingOf(task, state, { question, cost }));
  await parts.questions.ask(lease, question, [gateEffect(comment, parts.redact)]);
  parts.teller.tell(task.id, { kind: "asked", questions: question.plan.questions?.length ?? 0 });
  parts.log.info({ task: task.id, questions: question.plan.questions?.length ?? 0 }, "task asks");
}

interface Failed {
  readonly lease: Lease;
  readonly error: unknown;
  readonly lost: AbortSignal;
  readonly limit: AbortSignal;
}

/** An answer ends the task, passing trouble makes it wait, and a bug is left to the next who claims it. */
async function afterFailure(record: TaskRecord, failed: Failed, parts: Processing): Promise<void> {
  const { task } = record;
  const { lease, error, lost, limit } = failed;
  const answer = limit.aborted ? OUT_OF_TIME : outcomeOfError(error);
  const outcome = answer ?? triedTooLong(record, error);
  if (outcome) return finish({ task, lease, outcome, state: await lastKnown(task, parts) }, parts);
  if (isPassing(error)) return tryLater(record, { lease, error, signal: lost }, parts);
  await leaveToExpire(task, error, parts);
}

/** A stage may notice it before the next renewal does. */
function isLeaseLost(error: unknown): boolean {
  return error instanceof NexusError && error.code === "task.lease-lost";
}

const OUT_OF_TIME = {
  kind: "failed",
  code: "task.timeout",
  reason: "The task took longer than it may (TASK_TIMEOUT_SECONDS).",
} as const;

/** A bug may not show again when the lease has run out; three times and the task is put aside. */
async function leaveToExpire(task: Task, error: unknown, parts: Processing): Promise<void> {
  parts.log.error({ task: task.id, err: error }, "task interrupted, to be tried again");
  await remark(task.id, error, parts);
}

async function handBack(lease: Lease, { tasks, teller, log }: Processing): Promise<void> {
  // The process ends, and what waits to be told with it.
  await teller.settled(lease.taskId);
  await tasks.release(lease);
  log.info({ task: lease.taskId }, "task handed back");
}

async function putAside(record: TaskRecord, lease: Lease, parts: Processing): Promise<void> {
  const told = await lastReason(parts.events, lease.taskId);
  const why = told === undefined ? "" : ` The last time: ${told}`;
  const reason = `The work was interrupted ${record.crashes} times and is put aside.${why}`;
  const outcome = { kind: "failed", code: "task.put-aside", reason } as const;
  const state = await lastKnown(record.task, parts);
  await finish({ task: record.task, lease, outcome, state }, parts);
}

/** A task comes to its end also where what was found out about it cannot be read. */
async function lastKnown(task: Task, parts: Processing): Promise<Partial<TaskState>> {
  try {
    return await parts.known(task);
  } catch (error) {
    parts.log.warn({ task: task.id, err: error }, "what is known of the task cannot be read");
    return {};
  }
}

interface Finish {
  readonly task: Task;
  readonly lease: Lease;
  readonly outcome: Outcome;
  readonly state: Partial<TaskState>;
}

async function finish({ task, lease, outcome, state }: Finish, parts: Processing): Promise<void> {
  const { tasks, redact, teller } = parts;
  // What happened before the end is kept before it.
  await teller.settled(task.id);
  const pushed = await pushedBy(task, parts.effects, state);
  const cost = await parts.ledger.costOf(task.id);
  const comment = trackingEffect(task, trackingOf(task, state, { outcome, pushed, cost }));
  const told = isQuiet(task, outcome) ? [] : [gateEffect(comment, redact)];
  await tasks.finish(lease, gateOutcome(outcome, redact), told);
  teller.announce(task.id);
  parts.log.info({ task: task.id, outcome: outcome.kind }, "task ended");
  await parts.forget(task.id).catch((error: unknown) => {
    parts.log.warn({ task: task.id, err: error }, "what was kept of the task is left to the purge");
  });
}
