import type { Logger } from "pino";
import { NexusError } from "../src/core/errors.ts";
import type { EventRecord } from "../src/core/event.ts";
import type { Outcome } from "../src/core/outcome.ts";
import type { Lease, TaskRecord, Tasks } from "../src/core/record.ts";
import type { Teller } from "./events/teller.ts";
import { pause } from "./loop.ts";

const HOUR_MS = 3_600_000;
/** How long trouble outside may go on without the task coming any further. */
const LONGEST_TROUBLE_MS = 24 * HOUR_MS;
const SHORTEST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 300_000;
const STORE_PAUSE_MS = 1_000;

interface Parts {
  readonly tasks: Tasks;
  readonly teller: Teller;
  readonly shutdown: AbortSignal;
  readonly log: Logger;
}

/** Trouble outside, such as GitHub or Docker being down, says nothing about the task. */
export function isPassing(error: unknown): error is NexusError {
  return error instanceof NexusError && error.retryable;
}

/** How a task ends that trouble outside has kept from coming further for a day; undefined before that. */
export function triedTooLong({ interrupted }: TaskRecord, error: unknown): Outcome | undefined {
  if (!isPassing(error) || !interrupted || interrupted.forMs < LONGEST_TROUBLE_MS) return undefined;
  const { code, hint } = error;
  const reason = `Tried again for ${LONGEST_TROUBLE_MS / HOUR_MS} hours. The last time: ${error.message}`;
  return { kind: "failed", code, reason, ...(hint !== undefined && { hint }) };
}

interface Trouble {
  readonly lease: Lease;
  readonly error: NexusError;
  /** Fires when the lease is gone. */
  readonly signal: AbortSignal;
}

/** Hands the task back for as long as was asked for, or for a time that grows with each try. */
export async function tryLater(
  { task, interrupted }: TaskRecord,
  { lease, error, signal }: Trouble,
  parts: Parts,
): Promise<void> {
  const grown = Math.min(SHORTEST_DELAY_MS * 2 ** (interrupted?.times ?? 0), LONGEST_DELAY_MS);
  const delayMs = Math.min(Math.max(error.retryAfterMs ?? grown, SHORTEST_DELAY_MS), HOUR_MS);
  parts.log.warn({ task: task.id, delayMs, err: error }, "task interrupted, to be tried later");
  await remark(task.id, error, parts);
  const until = AbortSignal.any([signal, parts.shutdown]);
  // The trouble may be the store's own: what cannot be written now is written while the lease lasts.
  for (;;) {
    try {
      return await parts.tasks.postpone(lease, delayMs);
    } catch (failure) {
      if (until.aborted || !isPassing(failure)) throw failure;
      await pause(STORE_PAUSE_MS, new Promise(() => undefined), until);
    }
  }
}

/** Keeps the reason why the work was interrupted, for whoever puts the task aside. */
export async function remark(
  taskId: string,
  error: unknown,
  { teller }: Pick<Parts, "teller">,
): Promise<void> {
  const reason =
    error instanceof NexusError ? `${error.code}: ${error.message}` : "unexpected error";
  teller.tell(taskId, { kind: "interrupted", reason });
  await teller.settled(taskId);
}

/** Why the work was interrupted the last time; undefined where nobody could say. */
export async function lastReason(
  events: Pick<EventRecord, "latest">,
  taskId: string,
): Promise<string | undefined> {
  return (await events.latest(taskId, "interrupted"))?.reason;
}
