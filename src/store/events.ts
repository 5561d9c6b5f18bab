import { type Selectable, sql } from "kysely";
import { type EventRecord, type KeptEvent, readEvent, type TaskEvent } from "../core/event.ts";
import { canonicalJson } from "./json.ts";
import { atMost, type Database, type EventsTable, type Tx } from "./tables.ts";

/** Events in Postgres. What follows a task by its places misses none: they become visible in their order. */
export function createEvents(db: Database): EventRecord {
  return {
    append: (taskId, event, key) => appendEvent(db, { taskId, event, key }),

    async after(taskId, seq, limit) {
      const rows = await db
        .selectFrom("events")
        .select(["seq", "name", "data", "at"])
        .where("task_id", "=", taskId)
        .where("seq", ">", String(seq))
        .orderBy("seq")
        .limit(atMost(limit))
        .execute();
      return rows.map(keptEvent);
    },

    async latest(taskId, kind) {
      const rows = await db
        .selectFrom("events")
        .select(["name", "data"])
        .where("task_id", "=", taskId)
        .where("name", "=", kind)
        .orderBy("seq", "desc")
        .limit(MOST_UNREADABLE)
        .execute();
      const events = rows.map(({ name, data }) => readEvent(name, data));
      return events.find((event) => isOfKind(event, kind));
    },
  };
}

const MOST_UNREADABLE = 10;

function isOfKind<Kind extends TaskEvent["kind"]>(
  event: KeptEvent["event"],
  kind: Kind,
): event is Extract<TaskEvent, { readonly kind: Kind }> {
  return event.kind === kind;
}

interface Appending {
  readonly taskId: string;
  readonly event: TaskEvent;
  readonly key: string;
}

/**
 * Appends one event; its place is given only after the one before of the same task is committed. Numbers are given
 * before commits, so without that a reader could pass a number that shows only later.
 */
export async function appendEvent(
  db: Database | Tx,
  { taskId, event, key }: Appending,
): Promise<number> {
  const { kind, ...data } = event;
  const { rows } = await sql<{ seq: string }>`
    with turn as materialized (
      select pg_advisory_xact_lock(hashtextextended('nexus.events/' || ${taskId}::text, 0))
    )
    insert into nexus.events (task_id, name, data, key)
    select ${taskId}, ${kind}, ${canonicalJson(data)}::json, ${key} from turn
    on conflict (task_id, key) where key is not null do update set key = excluded.key
    returning seq`.execute(db);
  return Number(rows[0]?.seq);
}

function keptEvent(row: Pick<Selectable<EventsTable>, "seq" | "name" | "data" | "at">) {
  const { seq, name, data, at } = row;
  return { seq: Number(seq), at: at.toISOString(), event: readEvent(name, data) };
}
