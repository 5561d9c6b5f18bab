import { type Selectable, sql } from "kysely";
import { Outcome } from "../core/outcome.ts";
import type { Lease, TaskRecord, Tasks } from "../core/record.ts";
import { Task } from "../core/task.ts";
import { wantEffect } from "./effects.ts";
import { canonicalJson, parseStored } from "./json.ts";
import { leaseLost } from "./leases.ts";
import { atMost, type Database, milliseconds, type TasksTable, type Tx } from "./tables.ts";
import type { Channel } from "./wake-ups.ts";

/** Tasks in Postgres. Every lease is counted by the database's clock and fenced by its epoch. */
export function createTasks(db: Database, wake: (channel: Channel) => void): Tasks {
  return {
    async find(id) {
      const row = await db.selectFrom("tasks").selectAll().where("id", "=", id).executeTakeFirst();
      return row && taskRecord(row);
    },

    async list(limit) {
      const newest = db.selectFrom("tasks").selectAll().orderBy("seq", "desc");
      return (await newest.limit(atMost(limit)).execute()).map(taskRecord);
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

    async claim(id, { worker, leaseMs }) {
      const row = await db
        .updateTable("tasks")
        .set({
          state: "running",
          epoch: sql`epoch + 1`,
          // Still 'running' here means: its holder went silent.
          crashes: sql`crashes + case when state = 'running' then 1 else 0 end`,
          worker,
          lease_until: sql`now() + ${milliseconds(leaseMs)}`,
          changed_at: sql`now()`,
        })
        .where("id", "=", id)
        .where("state", "<>", "done")
        .where(unheld)
        .returningAll()
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

    async release(lease) {
      await underLease(db, lease)
        .set({ state: "waiting", worker: null, lease_until: null, changed_at: sql`now()` })
        .execute();
      wake("task");
    },

    async finish(lease, outcome, effects) {
      await db.transaction().execute(async (tx) => {
        if (!(await end(tx, lease, outcome))) return;
        for (const effect of effects) {
          await wantEffect(tx, lease.taskId, { effect, bundle: undefined });
        }
      });
      wake("task");
      wake("effect");
    },
  };
}

/** Nobody works on it, by the database's clock. */
const unheld = sql<boolean>`(state = 'waiting' or lease_until < now())`;

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

function taskRecord(row: Selectable<TasksTable>): TaskRecord {
  return {
    task: parseStored(Task, row.task, `task ${row.id}`),
    state: row.state,
    epoch: row.epoch,
    crashes: row.crashes,
    outcome:
      row.outcome === null
        ? undefined
        : parseStored(Outcome, row.outcome, `outcome of task ${row.id}`),
  };
}
