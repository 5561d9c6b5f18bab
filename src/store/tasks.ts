import { type Selectable, sql } from "kysely";
import { Outcome } from "../core/outcome.ts";
import type { Lease, TaskRecord, Tasks } from "../core/record.ts";
import { Task } from "../core/task.ts";
import { dropUndone, wantEffect } from "./effects.ts";
import { appendEvent } from "./events.ts";
import { canonicalJson, parseStored } from "./json.ts";
import { leaseLost } from "./leases.ts";
import { atMost, type Database, milliseconds, type TasksTable, type Tx } from "./tables.ts";
import type { Channel } from "./wake-ups.ts";

type Wake = (channel: Channel) => void;

/** Tasks in Postgres. Every lease is counted by the database's clock and fenced by its epoch. */
export function createTasks(db: Database, wake: Wake): Tasks {
  return { ...reading(db), ...working(db, wake), ...leaving(db, wake) };
}

function reading(
  db: Database,
): Pick<Tasks, "find" | "list" | "startingWith" | "running" | "runnable"> {
  return {
    async find(id) {
      const found = db.selectFrom("tasks").selectAll().select(interruptedMs).where("id", "=", id);
      const row = await found.executeTakeFirst();
      return row && taskRecord(row);
    },

    async list(limit) {
      const all = db.selectFrom("tasks").selectAll().select(interruptedMs);
      const rows = await all.orderBy("seq", "desc").limit(atMost(limit)).execute();
      return rows.map(taskRecord);
    },

    async startingWith(prefix, limit) {
      const rows = await db
        .selectFrom("tasks")
        .select("id")
        .where(sql<boolean>`starts_with(id, ${prefix})`)
        .orderBy("seq", "desc")
        .limit(atMost(limit))
        .execute();
      return rows.map(({ id }) => id);
    },

    async running() {
      const rows = await db
        .selectFrom("tasks")
        .select("id")
        .where("state", "=", "running")
        .execute();
      return rows.map(({ id }) => id);
    },

    async runnable(limit) {
      return await db
        .selectFrom("tasks")
        .select(["id as taskId", "epoch"])
        .where("state", "<>", "done")
        .where(unheld)
        .orderBy("seq")
        .limit(atMost(limit))
        .execute();
    },
  };
}

/** Under a lease. */
function working(db: Database, wake: Wake): Pick<Tasks, "claim" | "renew" | "progress"> {
  return {
    async claim(id, { worker, leaseMs }) {
      const row = await db
        .updateTable("tasks")
        .set({
          state: "running",
          epoch: sql`epoch + 1`,
          // Still 'running' here means: its holder went silent.
          crashes: sql`crashes + case when state = 'running' then 1 else 0 end`,
          worker,
          not_before: null,
          lease_until: sql`now() + ${milliseconds(leaseMs)}`,
          changed_at: sql`now()`,
        })
        .where("id", "=", id)
        .where("state", "<>", "done")
        .where(unheld)
        .returningAll()
        .returning(interruptedMs)
        .executeTakeFirst();
      if (row) wake("task");
      return row && taskRecord(row);
    },

    async renew(lease, leaseMs) {
      const result = await underLease(db, lease)
        .set({ lease_until: sql`now() + ${milliseconds(leaseMs)}` })
        .executeTakeFirst();
      return result.numUpdatedRows === 1n;
    },

    async progress(lease, stage) {
      await underLease(db, lease)
        .set({
          crashes: 0,
          interruptions: 0,
          interrupted_at: null,
          reached: sql`array_append(reached, ${stage}::text)`,
        })
        // A road that is begun anew again and again comes no further: without this it could crash for ever.
        .where(sql<boolean>`not ${stage}::text = any(reached)`)
        .execute();
    },
  };
}

/** The end of a lease. */
function leaving(db: Database, wake: Wake): Pick<Tasks, "release" | "postpone" | "finish"> {
  return {
    async release(lease) {
      await underLease(db, lease)
        .set({ state: "waiting", worker: null, lease_until: null, changed_at: sql`now()` })
        .execute();
      wake("task");
    },

    async postpone(lease, delayMs) {
      await underLease(db, lease)
        .set({
          state: "waiting",
          worker: null,
          lease_until: null,
          not_before: sql`now() + ${milliseconds(delayMs)}`,
          interruptions: sql`interruptions + 1`,
          interrupted_at: sql`coalesce(interrupted_at, now())`,
          changed_at: sql`now()`,
        })
        .execute();
    },

    async finish(lease, outcome, effects) {
      await db.transaction().execute(async (tx) => {
        if (!(await end(tx, lease, outcome))) return;
        await dropUndone(tx, lease.taskId);
        const event = { kind: "ended", outcome: outcome.kind } as const;
        await appendEvent(tx, { taskId: lease.taskId, event, key: "ended" });
        for (const effect of effects) {
          await wantEffect(tx, lease.taskId, { effect, bundle: undefined });
        }
      });
      wake("task");
      wake("effect");
    },
  };
}

/** Nobody works on it and it is due, by the database's clock. */
const unheld = sql<boolean>`(
  (state = 'waiting' and (not_before is null or not_before <= now())) or lease_until < now()
)`;

/** How long ago the trouble began that a task waits out. */
export const interruptedMs = sql<number | null>`(
  extract(epoch from now() - interrupted_at) * 1000
)::double precision`.as("interrupted_ms");

function underLease(db: Database | Tx, lease: Lease) {
  return db
    .updateTable("tasks")
    .where("id", "=", lease.taskId)
    .where("epoch", "=", lease.epoch)
    .where("state", "=", "running");
}

/** False when this very ending is stored already: an answer that got lost makes callers ask twice. */
async function end(tx: Tx, lease: Lease, outcome: Outcome): Promise<boolean> {
  const json = canonicalJson(outcome);
  const result = await underLease(tx, lease)
    .set({ state: "done", outcome: json, worker: null, lease_until: null, changed_at: sql`now()` })
    .executeTakeFirst();
  if (result.numUpdatedRows === 1n) return true;

  const same = await tx
    .selectFrom("tasks")
    .select("id")
    .where("id", "=", lease.taskId)
    .where("epoch", "=", lease.epoch)
    .where("state", "=", "done")
    .where(sql`outcome::text`, "=", json)
    .executeTakeFirst();
  if (!same) throw leaseLost(lease);
  return false;
}

type TaskRow = Selectable<TasksTable> & { readonly interrupted_ms: number | null };

/** A row of the table as others know it. */
export function taskRecord(row: TaskRow): TaskRecord {
  return {
    task: parseStored(Task, row.task, `task ${row.id}`),
    state: row.state,
    epoch: row.epoch,
    crashes: row.crashes,
    interrupted:
      row.interrupted_ms === null
        ? undefined
        : { times: row.interruptions, forMs: row.interrupted_ms },
    outcome:
      row.outcome === null
        ? undefined
        : parseStored(Outcome, row.outcome, `outcome of task ${row.id}`),
  };
}
