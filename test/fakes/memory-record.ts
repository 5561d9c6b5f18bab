import type { Delivery } from "../../src/core/delivery.ts";
import type { Effect, EffectResult } from "../../src/core/effect.ts";
import type { EventRecord, TaskEvent } from "../../src/core/event.ts";
import type { Evidence } from "../../src/core/evidence.ts";
import type { Questions } from "../../src/core/question.ts";
import type {
  Effects,
  EvidenceStore,
  Inbox,
  Journal,
  SavedStep,
  TakenEffect,
  Tasks,
} from "../../src/core/record.ts";
import { sha256 } from "../../src/store/evidence-store.ts";
import { canonicalJson } from "../../src/store/json.ts";
import { memoryQuestions } from "./memory-questions.ts";
import {
  appendEvent,
  assertOwn,
  delivered,
  type EffectRow,
  type Events,
  held,
  heldOrThrow,
  recordOf,
  settle,
  stored,
  type Tables,
  type TaskRow,
  wantEffect,
} from "./memory-tables.ts";

/** The ports of the record together. */
export interface Recorded {
  readonly inbox: Inbox;
  readonly tasks: Tasks;
  readonly effects: Effects;
  readonly journal: Journal;
  readonly events: EventRecord;
  readonly evidence: EvidenceStore;
  readonly questions: Questions;
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
    questions: memoryQuestions(tables),
    refusal: (id) => tables.deliveries.get(id)?.reason,
    wanted: () => [...tables.effects.values()].map(({ effect }) => effect),
    trajectory: (taskId, agent) =>
      steps.filter((row) => row.taskId === taskId && row.agent === agent).map(({ step }) => step),
  };
}

const first = <T>(items: readonly T[], limit: number): readonly T[] =>
  items.slice(0, Math.max(0, limit));

function memoryInbox({ deliveries, tasks, effects, now }: Tables): Inbox {
  const wantAll = (task: Delivery, wishes: readonly Effect[]): void => {
    for (const effect of wishes) wantEffect({ effects, now }, task.id, { effect });
  };
  return {
    async receive(task) {
      if (deliveries.has(task.id)) return "known";
      deliveries.set(task.id, delivered(task, now()));
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
      if (!settle({ deliveries, now }, task, "accepted")) return;
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
        question: undefined,
        askedAt: 0,
      });
      wantAll(task, wishes);
    },
    async refuse(task, reason, wishes) {
      assertOwn(task.id, wishes);
      const row = settle({ deliveries, now }, task, "refused");
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
    async startingWith(prefix, limit) {
      const ids = [...tasks.keys()].reverse().filter((id) => id.startsWith(prefix));
      return first(ids, limit);
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
      return first(rows, limit).map(({ seq, agent, step, at }) => ({ seq, agent, step, at }));
    },
  };
}

function memoryEvents(tables: Events): EventRecord {
  const of = (id: string) => tables.events.filter(({ taskId }) => taskId === id);
  return {
    append: async (taskId, event, key) => appendEvent(tables, { taskId, event, key }),
    async after(id, place, limit) {
      const later = of(id).filter(({ seq }) => seq > place);
      return first(later, limit).map(({ seq, at, event }) => ({ seq, at, event }));
    },
    async latest<Kind extends TaskEvent["kind"]>(id: string, kind: Kind) {
      return of(id)
        .map(({ event }) => event)
        .findLast((event): event is Extract<TaskEvent, { kind: Kind }> => event.kind === kind);
    },
  };
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
