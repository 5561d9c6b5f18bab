import type { Delivery } from "../../src/core/base-moved.ts";
import type { Effect, EffectResult } from "../../src/core/effect.ts";
import { NexusError } from "../../src/core/errors.ts";
import {
  type EventRecord,
  type KeptEvent,
  readEvent,
  type TaskEvent,
} from "../../src/core/event.ts";
import type { Evidence } from "../../src/core/evidence.ts";
import type { Outcome } from "../../src/core/outcome.ts";
import type {
  EffectStatus,
  Effects,
  EvidenceStore,
  Inbox,
  Journal,
  Lease,
  SavedStep,
  TakenEffect,
  TaskRecord,
  Tasks,
} from "../../src/core/record.ts";
import type { Task } from "../../src/core/task.ts";
import { sha256 } from "../../src/store/evidence-store.ts";
import { canonicalJson } from "../../src/store/json.ts";

/** The ports of the record together. */
export interface Recorded {
  readonly inbox: Inbox;
  readonly tasks: Tasks;
  readonly effects: Effects;
  readonly journal: Journal;
  readonly events: EventRecord;
  readonly evidence: EvidenceStore;
}

/** What only the fake shows. */
export interface MemoryRecord extends Recorded {
  /** Why a delivery was refused. */
  refusal(id: string): string | undefined;
  /** Every effect ever wanted, in order, in its newest form. */
  wanted(): readonly Effect[];
  /** The trajectory of one agent. */
  trajectory(taskId: string, agent: string): readonly unknown[];
}

interface DeliveryRow {
  readonly task: Delivery;
  state: "pending" | "accepted" | "refused";
  reason?: string;
  dueAt: number;
  tries: number;
}

interface TaskRow {
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
}

interface EffectRow {
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

interface Tables {
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

interface SavedRow extends SavedStep {
  readonly taskId: string;
}

/** Keeps the whole contract of the record, except that it is gone with the process. Tests only. */
export function createMemoryRecord(now: () => number = Date.now): MemoryRecord {
  const empty = { deliveries: new Map(), tasks: new Map(), effects: new Map() };
  const tables: Tables = { now, ...empty, events: [] };
  const steps: SavedRow[] = [];
  return {
    inbox: memoryInbox(tables),
    tasks: memoryTasks(tables),
    effects: memoryEffects(tables),
    journal: memoryJournal(tables, steps),
    events: memoryEvents(tables),
    evidence: memoryEvidence(),
    refusal: (id) => tables.deliveries.get(id)?.reason,
    wanted: () => [...tables.effects.values()].map(({ effect }) => effect),
    trajectory: (taskId, agent) =>
      steps.filter((row) => row.taskId === taskId && row.agent === agent).map(({ step }) => step),
  };
}

/** What a JSON column gives back. */
function stored<T>(value: T): T {
  return JSON.parse(canonicalJson(value));
}

const first = <T>(items: readonly T[], limit: number): readonly T[] =>
  items.slice(0, Math.max(0, limit));

function memoryInbox({ deliveries, tasks, effects, now }: Tables): Inbox {
  const settle = (task: Delivery, to: "accepted" | "refused"): DeliveryRow | undefined => {
    const row = deliveries.get(task.id) ?? delivered(task);
    deliveries.set(task.id, row);
    if (row.state !== "pending") return undefined;
    return Object.assign(row, { state: to });
  };
  const delivered = (task: Delivery): DeliveryRow => {
    return { task: stored(task), state: "pending", dueAt: now(), tries: 0 };
  };
  const wantAll = (task: Delivery, wishes: readonly Effect[]): void => {
    for (const effect of wishes) wantEffect({ effects, now }, task.id, { effect });
  };
  return {
    async receive(task) {
      if (deliveries.has(task.id)) return "known";
      deliveries.set(task.id, delivered(task));
      return "new";
    },
    async pending(limit) {
      const waiting = [...deliveries.values()].filter(
        ({ state, dueAt }) => state === "pending" && dueAt <= now(),
      );
      return first(waiting, limit).map(({ task }) => task);
    },
    async postpone(task, askedMs) {
      const row = deliveries.get(task.id);
      if (row?.state !== "pending") return;
      row.dueAt = now() + (askedMs ?? Math.min(1_000 * 2 ** row.tries, 300_000));
      row.tries += 1;
    },
    async accept(task, wishes) {
      assertOwn(task.id, wishes);
      if (!settle(task, "accepted")) return;
      tasks.set(task.id, {
        task: stored(task),
        state: "waiting",
        epoch: 0,
        crashes: 0,
        leaseUntil: 0,
        notBefore: 0,
        interruptions: 0,
        interruptedAt: undefined,
        reached: new Set(),
        outcome: undefined,
      });
      wantAll(task, wishes);
    },
    async refuse(task, reason, wishes) {
      assertOwn(task.id, wishes);
      const row = settle(task, "refused");
      if (!row) return;
      row.reason = reason;
      wantAll(task, wishes);
    },
  };
}

function memoryTasks({ tasks, effects, events, now }: Tables): Tasks {
  const unheld = (row: TaskRow): boolean =>
    (row.state === "waiting" && row.notBefore <= now()) ||
    (row.state === "running" && row.leaseUntil < now());
  return {
    async find(id) {
      const row = tasks.get(id);
      return row && recordOf(row, now());
    },
    async list(limit) {
      return first([...tasks.values()].reverse(), limit).map((row) => recordOf(row, now()));
    },
    async running() {
      const all = [...tasks.values()].filter(({ state }) => state === "running");
      return all.map(({ task }) => task.id);
    },
    async runnable(limit) {
      const free = [...tasks.values()].filter(unheld);
      return first(free, limit).map(({ task, epoch }) => ({ taskId: task.id, epoch }));
    },
    async claim(id, { leaseMs }) {
      const row = tasks.get(id);
      if (!row || !unheld(row)) return undefined;
      if (row.state === "running") row.crashes += 1;
      row.state = "running";
      row.epoch += 1;
      row.leaseUntil = now() + leaseMs;
      row.notBefore = 0;
      return recordOf(row, now());
    },
    async renew(lease, leaseMs) {
      const row = held(tasks, lease);
      if (row) row.leaseUntil = now() + leaseMs;
      return row !== undefined;
    },
    async release(lease) {
      const row = held(tasks, lease);
      if (row) row.state = "waiting";
    },
    async postpone(lease, delayMs) {
      const row = held(tasks, lease);
      if (!row) return;
      row.state = "waiting";
      row.notBefore = now() + delayMs;
      row.interruptions += 1;
      row.interruptedAt ??= now();
    },
    async progress(lease, stage) {
      const row = held(tasks, lease);
      if (!row || row.reached.has(stage)) return;
      row.reached.add(stage);
      Object.assign(row, { crashes: 0, interruptions: 0, interruptedAt: undefined });
    },
    async finish(lease, outcome, wishes) {
      assertOwn(lease.taskId, wishes);
      const ended = tasks.get(lease.taskId);
      const same = canonicalJson(ended?.outcome) === canonicalJson(outcome);
      if (ended?.state === "done" && ended.epoch === lease.epoch && same) return;
      const row = heldOrThrow(tasks, lease);
      row.state = "done";
      row.outcome = stored(outcome);
      dropUndone(effects, lease.taskId);
      const event = { kind: "ended", outcome: outcome.kind } as const;
      appendEvent({ events, now }, { taskId: lease.taskId, event, key: "ended" });
      for (const effect of wishes) wantEffect({ effects, now }, lease.taskId, { effect });
    },
  };
}

function memoryEffects({ tasks, effects, now }: Tables): Effects {
  const letGo = ({ effect, version, attempts }: TakenEffect, delayMs: number): void => {
    const row = effects.get(effect.id);
    if (row?.status.state !== "wanted" || !row.taken) return;
    if (row.taken.version !== version || row.taken.attempts !== attempts) return;
    row.taken = undefined;
    row.dueAt = now() + delayMs;
  };
  const sameVersion = ({ effect, version }: TakenEffect): EffectRow | undefined => {
    const row = effects.get(effect.id);
    return row?.version === version ? row : undefined;
  };
  const fail = (taken: TakenEffect, how: { reason: string; final: boolean }): void => {
    const row = sameVersion(taken);
    if (row?.status.state !== "wanted" || row.attempts !== taken.attempts) {
      letGo(taken, 0);
      return;
    }
    row.status = { state: "failed", reason: how.reason };
    row.final = how.final;
  };
  return {
    async want(lease, effect, bundle) {
      heldOrThrow(tasks, lease);
      wantEffect({ effects, now }, lease.taskId, { effect, bundle });
    },
    async status(id) {
      return effects.get(id)?.status;
    },
    async take(limit, holdMs) {
      const blocked = new Set<string>();
      const due = [...effects.values()].filter(({ effect, status, dueAt }) => {
        if (status.state !== "wanted" || blocked.has(effect.taskId)) return false;
        if (effect.wish.kind !== "reaction") blocked.add(effect.taskId);
        return dueAt <= now();
      });
      return first(due, limit).map((row) => {
        row.attempts += 1;
        row.dueAt = now() + holdMs;
        row.taken = { version: row.version, attempts: row.attempts };
        row.triedAt ??= now();
        const triedForMs = now() - row.triedAt;
        return { effect: row.effect, ...row.taken, triedForMs, bundle: row.bundle };
      });
    },
    async done(taken, result: EffectResult) {
      const row = sameVersion(taken);
      if (!row) return letGo(taken, 0);
      if (row.status.state === "done") return;
      row.status = { state: "done", result: stored(result) };
      row.bundle = undefined;
    },
    async retry(taken, _reason, delayMs) {
      letGo(taken, delayMs);
    },
    async hold(taken, holdMs) {
      const row = effects.get(taken.effect.id);
      const { version, attempts } = taken;
      if (row?.status.state !== "wanted" || !row.taken) return;
      if (row.taken.version === version && row.taken.attempts === attempts) {
        row.dueAt = now() + holdMs;
      }
    },
    async fail(taken, reason) {
      fail(taken, { reason, final: true });
    },
    async giveUp(taken, reason) {
      fail(taken, { reason, final: false });
    },
  };
}

function memoryJournal({ tasks }: Tables, steps: SavedRow[]): Journal {
  const results = new Map<string, unknown>();
  const at = (taskId: string, key: string): string => JSON.stringify([taskId, key]);
  return {
    async recall(taskId, key) {
      return results.get(at(taskId, key));
    },
    async remember(lease, key, value) {
      heldOrThrow(tasks, lease);
      results.set(at(lease.taskId, key), stored(value));
    },
    async step(taskId, agent, step) {
      const [seq, at] = [String(steps.length + 1), new Date().toISOString()];
      steps.push({ seq, taskId, agent, step: stored(step), at });
    },
    async steps(id, { after = "0", limit }) {
      const rows = steps.filter(({ taskId, seq }) => taskId === id && Number(seq) > Number(after));
      return first(rows, limit).map(({ taskId: _, ...row }) => row);
    },
  };
}

type Events = Pick<Tables, "events" | "now">;

function memoryEvents(tables: Events): EventRecord {
  const of = (id: string) => tables.events.filter(({ taskId }) => taskId === id);
  return {
    append: async (taskId, event, key) => appendEvent(tables, { taskId, event, key }),
    async after(id, place, limit) {
      const later = of(id).filter(({ seq }) => seq > place);
      return first(later, limit).map(({ seq, at, event }) => ({ seq, at, event }));
    },
    async latest(id, kind) {
      const found = of(id).findLast(({ event }) => event.kind === kind)?.event;
      // Found by its kind.
      return found as Extract<TaskEvent, { kind: typeof kind }> | undefined;
    },
  };
}

function appendEvent(
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

function memoryEvidence(): EvidenceStore {
  const kept = new Map<string, Evidence>();
  return {
    async keep(evidence) {
      const digest = sha256(canonicalJson(evidence));
      kept.set(digest, stored(evidence));
      return digest;
    },
    async find(digest) {
      return kept.get(digest);
    },
  };
}

function recordOf(row: TaskRow, now: number): TaskRecord {
  const { task, state, epoch, crashes, outcome, interruptions: times, interruptedAt } = row;
  const interrupted =
    interruptedAt === undefined ? undefined : { times, forMs: now - interruptedAt };
  return { task, state, epoch, crashes, interrupted, outcome };
}

function dropUndone(effects: Map<string, EffectRow>, taskId: string): void {
  for (const row of effects.values()) {
    const { effect, status } = row;
    if (effect.taskId !== taskId || status.state !== "wanted") continue;
    if (effect.wish.kind === "comment" || effect.wish.kind === "reaction") continue;
    Object.assign(row, {
      status: { state: "failed", reason: "the task has ended" },
      final: true,
      bundle: undefined,
    });
  }
}

function held(tasks: Map<string, TaskRow>, { taskId, epoch }: Lease): TaskRow | undefined {
  const row = tasks.get(taskId);
  return row?.epoch === epoch && row.state === "running" ? row : undefined;
}

function heldOrThrow(tasks: Map<string, TaskRow>, lease: Lease): TaskRow {
  const row = held(tasks, lease);
  if (!row) throw new NexusError("task.lease-lost", `Epoch ${lease.epoch} is over.`);
  return row;
}

function assertOwn(taskId: string, wishes: readonly Effect[]): void {
  if (wishes.some((effect) => effect.taskId !== taskId)) throw new Error("belongs to task");
}

interface Wanted {
  readonly effect: Effect;
  readonly bundle?: Uint8Array | undefined;
}

function wantEffect(
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
