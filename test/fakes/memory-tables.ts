import type { Delivery } from "../../src/core/delivery.ts";
import type { Effect } from "../../src/core/effect.ts";
import { NexusError } from "../../src/core/errors.ts";
import { type KeptEvent, readEvent, type TaskEvent } from "../../src/core/event.ts";
import type { Outcome } from "../../src/core/outcome.ts";
import type { Question } from "../../src/core/question.ts";
import type { EffectStatus, Lease, TaskRecord } from "../../src/core/record.ts";
import type { Task } from "../../src/core/task.ts";
import { canonicalJson } from "../../src/store/json.ts";

/** One delivery. */
export interface DeliveryRow {
  readonly task: Delivery;
  readonly receivedAt: number;
  state: "pending" | "accepted" | "refused";
  reason?: string;
  dueAt: number;
  tries: number;
}

/** One task. */
export interface TaskRow {
  readonly task: Task;
  state: TaskRecord["state"];
  epoch: number;
  crashes: number;
  leaseUntil: number;
  notBefore: number;
  interruptions: number;
  interruptedAt: number | undefined;
  readonly reached: Set<string>;
  outcome: Outcome | undefined;
  question: Question | undefined;
  askedAt: number;
}

/** One outward write. */
export interface EffectRow {
  effect: Effect;
  bundle: Uint8Array | undefined;
  version: number;
  status: EffectStatus;
  attempts: number;
  dueAt: number;
  triedAt: number | undefined;
  final: boolean;
  taken: { readonly version: number; readonly attempts: number } | undefined;
}

/** The rows of a record in memory. */
export interface Tables {
  readonly now: () => number;
  readonly deliveries: Map<string, DeliveryRow>;
  readonly tasks: Map<string, TaskRow>;
  readonly effects: Map<string, EffectRow>;
  readonly events: EventRow[];
}

interface EventRow extends KeptEvent {
  readonly taskId: string;
  readonly key: string;
}

/** What a JSON column gives back. */
export function stored<T>(value: T): T {
  return JSON.parse(canonicalJson(value));
}

/** The row, for the one who settles the delivery. */
export function settle(
  { deliveries, now }: Pick<Tables, "deliveries" | "now">,
  task: Delivery,
  to: "accepted" | "refused",
): DeliveryRow | undefined {
  const row = deliveries.get(task.id) ?? delivered(task, now());
  deliveries.set(task.id, row);
  if (row.state !== "pending") return undefined;
  return Object.assign(row, { state: to });
}

/** A delivery that just came. */
export function delivered(task: Delivery, now: number): DeliveryRow {
  return { task: stored(task), receivedAt: now, state: "pending", dueAt: now, tries: 0 };
}

/** What events are kept with. */
export type Events = Pick<Tables, "events" | "now">;

/** Appends an event; the same key again is the same event. */
export function appendEvent(
  { events, now }: Events,
  { taskId, event, key }: { taskId: string; event: TaskEvent; key: string },
): number {
  const known = events.find((row) => row.taskId === taskId && row.key === key);
  if (known) return known.seq;
  const { kind, ...data } = event;
  const seq = events.length + 1;
  const at = new Date(now()).toISOString();
  events.push({ taskId, key, seq, at, event: readEvent(kind, stored(data)) });
  return seq;
}

/** The row as others know it. */
export function recordOf(row: TaskRow, now: number): TaskRecord {
  const { task, state, epoch, crashes, outcome, interruptions: times, interruptedAt } = row;
  const interrupted =
    interruptedAt === undefined ? undefined : { times, forMs: now - interruptedAt };
  return { task, state, epoch, crashes, interrupted, outcome };
}

/** The row of a task that is held under this lease. */
export function held(tasks: Map<string, TaskRow>, { taskId, epoch }: Lease): TaskRow | undefined {
  const row = tasks.get(taskId);
  return row?.epoch === epoch && row.state === "running" ? row : undefined;
}

/** The row of a task that is held; throws where the epoch is over. */
export function heldOrThrow(tasks: Map<string, TaskRow>, lease: Lease): TaskRow {
  const row = held(tasks, lease);
  if (!row) throw new NexusError("task.lease-lost", `Epoch ${lease.epoch} is over.`);
  return row;
}

/** Throws where an effect belongs to another task. */
export function assertOwn(taskId: string, wishes: readonly Effect[]): void {
  if (wishes.some((effect) => effect.taskId !== taskId)) throw new Error("belongs to task");
}

interface Wanted {
  readonly effect: Effect;
  readonly bundle?: Uint8Array | undefined;
}

/** Wants an effect: the same again changes nothing. */
export function wantEffect(
  { effects, now }: Pick<Tables, "effects" | "now">,
  taskId: string,
  { effect, bundle }: Wanted,
): void {
  assertOwn(taskId, [effect]);
  const known = effects.get(effect.id);
  const givenUp = known?.status.state === "failed" && !known.final;
  if (known && !givenUp && canonicalJson(known.effect) === canonicalJson(effect)) return;
  const waits = known?.status.state === "wanted";
  const row = {
    effect: stored(effect),
    bundle,
    version: (known?.version ?? 0) + 1,
    status: { state: "wanted" as const },
    attempts: 0,
    dueAt: waits ? known.dueAt : now(),
    taken: known?.taken,
    triedAt: undefined,
    final: false,
  };
  // In place: the order is that of first being wanted.
  if (known) Object.assign(known, row);
  else effects.set(effect.id, row);
}
