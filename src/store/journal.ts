import { sql } from "kysely";
import type { Journal } from "../core/record.ts";
import { canonicalJson } from "./json.ts";
import { leaseLost } from "./leases.ts";
import { atMost, type Database } from "./tables.ts";

/** What happened, in Postgres. Results are fenced by the lease; the history is only ever appended to. */
export function createJournal(db: Database): Journal {
  return {
    async recall(taskId, key) {
      const row = await db
        .selectFrom("results")
        .select("value")
        .where("task_id", "=", taskId)
        .where("key", "=", key)
        .executeTakeFirst();
      return row?.value;
    },

    async remember(lease, key, value) {
      const { numAffectedRows } = await sql`
        insert into nexus.results (task_id, key, value)
        select id, ${key}, ${canonicalJson(value)}::json from nexus.tasks
        where id = ${lease.taskId} and epoch = ${lease.epoch} and state = 'running'
        for update
        on conflict (task_id, key) do update set value = excluded.value`.execute(db);
      if (numAffectedRows !== 1n) throw leaseLost(lease);
    },

    async step(taskId, agent, step) {
      const row = { task_id: taskId, agent, step: canonicalJson(step) };
      await db.insertInto("steps").values(row).execute();
    },

    async steps(taskId, { after, limit }) {
      const rows = await db
        .selectFrom("steps")
        .select(["seq", "agent", "step", "at"])
        .where("task_id", "=", taskId)
        .where("seq", ">", after ?? "0")
        .orderBy("seq")
        .limit(atMost(limit))
        .execute();
      return rows.map(({ at, ...row }) => ({ ...row, at: at.toISOString() }));
    },
  };
}
