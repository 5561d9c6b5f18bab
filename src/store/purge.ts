import { type RawBuilder, sql } from "kysely";
import { type Database, milliseconds, SCHEMA, type Tables, type Tx } from "./tables.ts";

/** Longer than GitHub lets anybody ask for a delivery again. */
const INBOX_MS = 7 * 86_400_000;
const TASKS_AT_ONCE = 100;
const ROWS_AT_ONCE = 5_000;

/** What belongs to a task under the task's id, and may go when the task is long over. */
const DETAILS = [
  ["nexus", "steps", "task_id"],
  ["nexus", "events", "task_id"],
  ["nexus", "results", "task_id"],
  ["nexus", "logs", "task_id"],
  ["langgraph", "checkpoints", "thread_id"],
  ["langgraph", "checkpoint_blobs", "thread_id"],
  ["langgraph", "checkpoint_writes", "thread_id"],
] as const;

/**
 * Deletes the details of tasks that ended longer ago than `retentionMs`, what was not used for as long, and
 * deliveries that nobody will send again. What was asked and how it ended stays, and so does what is still wanted.
 */
export async function purge(db: Database, retentionMs: number): Promise<void> {
  const cutoff = sql<Date>`now() - ${milliseconds(retentionMs)}`;
  while ((await purgeTasks(db, cutoff)) === TASKS_AT_ONCE);
  await inBatches(db, "evidence", sql`kept_at < ${cutoff}`);
  await inBatches(db, "resolutions", sql`used_at < ${cutoff}`);
  await inBatches(db, "replies", sql`kept_at < ${cutoff}`);
  // What was spent in all stays for ever.
  await inBatches(
    db,
    "budgets",
    sql`scope <> 'total' and reserved = 0 and changed_at < ${cutoff}
      and not exists (select from nexus.tasks where scope = 'task' and id = name and not purged)`,
  );
  await inBatches(
    db,
    "spendings",
    sql`state <> 'reserved' and made_at < ${cutoff}
      and not exists (select from nexus.tasks where id = task_id and not purged)`,
  );
  await inBatches(
    db,
    "inbox",
    sql`state <> 'pending' and settled_at < now() - ${milliseconds(INBOX_MS)}`,
  );
  // What came for a task after its details went.
  await inBatches(
    db,
    "logs",
    sql`kept_at < ${cutoff}
      and not exists (select from nexus.tasks where id = task_id and not purged)`,
  );
  // Answers to deliveries that became no task, and what was still owed when its task was purged.
  await inBatches(
    db,
    "effects",
    sql`state <> 'wanted' and wanted_at < ${cutoff}
      and not exists (select from nexus.tasks where id = task_id and not purged)`,
  );
}

/** One round of tasks, each with all its details at once; resolves to how many there were. */
async function purgeTasks(db: Database, cutoff: RawBuilder<Date>): Promise<number> {
  return await db.transaction().execute(async (tx) => {
    const tasks = await tx
      .selectFrom("tasks")
      .select("id")
      .where("state", "=", "done")
      .where("purged", "=", false)
      .where("changed_at", "<", cutoff)
      .orderBy("seq")
      .limit(TASKS_AT_ONCE)
      .forUpdate()
      .skipLocked()
      .execute();
    const ids = tasks.map(({ id }) => id);
    if (ids.length > 0) await purgeDetails(tx, ids);
    return ids.length;
  });
}

async function purgeDetails(tx: Tx, ids: readonly string[]): Promise<void> {
  for (const [schema, table, column] of DETAILS) {
    await sql`delete from ${sql.id(schema, table)} where ${sql.id(column)} = any(${ids})`.execute(
      tx,
    );
  }
  // A comment that could not be made yet still tells its people how the task ended.
  await sql`
    delete from nexus.effects where task_id = any(${ids}) and state <> 'wanted'`.execute(tx);
  await sql`update nexus.tasks set purged = true where id = any(${ids})`.execute(tx);
}

/** Many short statements instead of one that holds up everybody. */
async function inBatches(
  db: Database,
  name: keyof Tables,
  old: RawBuilder<unknown>,
): Promise<void> {
  const table = sql.id(SCHEMA, name);
  for (;;) {
    const { numAffectedRows = 0n } = await sql`
      delete from ${table} where ctid = any(array(
        select ctid from ${table} where ${old} limit ${ROWS_AT_ONCE}
      ))`.execute(db);
    if (numAffectedRows < BigInt(ROWS_AT_ONCE)) return;
  }
}
