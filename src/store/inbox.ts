import { sql } from "kysely";
import { Delivery } from "../core/delivery.ts";
import type { Effect } from "../core/effect.ts";
import type { Inbox } from "../core/record.ts";
import { wantEffect } from "./effects.ts";
import { canonicalJson, parseStored } from "./json.ts";
import { placeOf } from "./place.ts";
import { atMost, type Database, type Tx } from "./tables.ts";
import type { Channel } from "./wake-ups.ts";

const LONGEST_WAIT_MS = 300_000;

/** Deliveries in Postgres, each once by its id. */
export function createInbox(db: Database, wake: (channel: Channel) => void): Inbox {
  return {
    async receive(task) {
      const isNew = await insertDelivery(db, task);
      if (isNew) wake("inbox");
      return isNew ? "new" : "known";
    },

    async pending(limit) {
      const rows = await db
        .selectFrom("inbox")
        .select(["id", "task"])
        .where("state", "=", "pending")
        .where("due_at", "<=", sql<Date>`now()`)
        .orderBy("seq")
        .limit(atMost(limit))
        .execute();
      return rows.map(({ id, task }) => parseStored(Delivery, task, `inbox ${id}`));
    },

    async postpone(task, askedMs) {
      const waitMs = sql`coalesce(
        ${askedMs ?? null}::double precision,
        least(1000 * power(2, least(tries, 20)), ${LONGEST_WAIT_MS})
      )`;
      await db
        .updateTable("inbox")
        .set({
          due_at: sql`now() + ${waitMs} * interval '1 millisecond'`,
          tries: sql`tries + 1`,
        })
        .where("id", "=", task.id)
        .where("state", "=", "pending")
        .execute();
    },

    async accept(task, effects) {
      await db.transaction().execute(async (tx) => {
        if (!(await settle(tx, task, { state: "accepted", reason: null }))) return;
        await tx
          .insertInto("tasks")
          .values({
            id: task.id,
            task: canonicalJson(task),
            state: "waiting",
            // What nobody asked for replaces nothing that somebody did.
            place: task.keepsMergeable ? null : placeOf(task),
          })
          .onConflict((conflict) => conflict.column("id").doNothing())
          .execute();
        await wantAll(tx, task, effects);
      });
      wake("task");
      wake("effect");
    },

    async refuse(task, reason, effects) {
      await db.transaction().execute(async (tx) => {
        if (await settle(tx, task, { state: "refused", reason })) await wantAll(tx, task, effects);
      });
      wake("effect");
    },
  };
}

async function insertDelivery(db: Database | Tx, task: Delivery): Promise<boolean> {
  const result = await db
    .insertInto("inbox")
    .values({ id: task.id, task: canonicalJson(task), state: "pending" })
    .onConflict((conflict) => conflict.column("id").doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

interface Settled {
  readonly state: "accepted" | "refused";
  readonly reason: string | null;
}

/** True for the one caller that settles the delivery. One that never came by webhook is received first. */
export async function settle(tx: Tx, task: Delivery, settled: Settled): Promise<boolean> {
  await insertDelivery(tx, task);
  const result = await tx
    .updateTable("inbox")
    .set((set) => ({ ...settled, settled_at: set.fn<Date>("now") }))
    .where("id", "=", task.id)
    .where("state", "=", "pending")
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

async function wantAll(tx: Tx, task: Delivery, effects: readonly Effect[]): Promise<void> {
  for (const effect of effects) await wantEffect(tx, task.id, { effect, bundle: undefined });
}
