import { type Selectable, sql } from "kysely";
import { Effect, EffectResult } from "../core/effect.ts";
import type { EffectStatus, Effects, TakenEffect } from "../core/record.ts";
import { canonicalJson, parseStored } from "./json.ts";
import { holdLease } from "./leases.ts";
import { atMost, type Database, type EffectsTable, milliseconds, type Tx } from "./tables.ts";
import type { Channel } from "./wake-ups.ts";

interface Wanted {
  readonly effect: Effect;
  readonly bundle: Uint8Array | undefined;
}

interface Connections {
  readonly db: Database;
  /** With more patience, for statements that carry bundles. */
  readonly bulk: Database;
}

/** Outward writes in Postgres. Each id has one row; a newer wish replaces an older one in place. */
export function createEffects(
  { db, bulk }: Connections,
  wake: (channel: Channel) => void,
): Effects {
  return {
    async want(lease, effect, bundle) {
      await (bundle ? bulk : db).transaction().execute(async (tx) => {
        await holdLease(tx, lease);
        await wantEffect(tx, lease.taskId, { effect, bundle });
      });
      wake("effect");
    },

    async status(id) {
      const row = await db
        .selectFrom("effects")
        .select(["id", "state", "result", "reason"])
        .where("id", "=", id)
        .executeTakeFirst();
      return row && statusOf(row);
    },

    take: (limit, holdMs) => take(bulk, atMost(limit), holdMs),

    async done(taken, result) {
      const { numUpdatedRows } = await sameVersion(db, taken)
        .set({ state: "done", result: canonicalJson(result), reason: null, bundle: null })
        .where("state", "<>", "done")
        .executeTakeFirst();
      if (numUpdatedRows === 0n) await letGo(db, taken, { delayMs: 0 });
      wake("effect");
    },

    async retry(taken, reason, delayMs) {
      await letGo(db, taken, { delayMs, reason });
      wake("effect");
    },

    async hold(taken, holdMs) {
      await stillTaken(db, taken)
        .set({ due_at: later(holdMs) })
        .execute();
    },

    async fail(taken, reason) {
      await fail(db, taken, { reason, final: true });
      wake("effect");
    },

    async giveUp(taken, reason) {
      await fail(db, taken, { reason, final: false });
      wake("effect");
    },
  };
}

/** Wants an effect inside the caller's transaction. An equal wish changes nothing, unless it was given up. */
export async function wantEffect(
  tx: Tx,
  taskId: string,
  { effect, bundle }: Wanted,
): Promise<void> {
  if (effect.taskId !== taskId) {
    throw new Error(`Effect ${effect.id} belongs to task ${effect.taskId}, not to ${taskId}.`);
  }
  // A wish that is being carried out, or waits for its next try, keeps its time: the newer one
  // must not overtake the older one on its way out.
  await sql`
    insert into nexus.effects as known (id, task_id, kind, effect, bundle)
    values (${effect.id}, ${taskId}, ${effect.wish.kind}, ${canonicalJson(effect)}, ${bundle ?? null})
    on conflict (id) do update set
      kind = excluded.kind,
      effect = excluded.effect,
      bundle = excluded.bundle,
      version = known.version + 1,
      state = 'wanted',
      attempts = 0,
      result = null,
      reason = null,
      final = false,
      tried_at = null,
      due_at = case when known.state = 'wanted' then known.due_at else now() end
    where known.effect::text <> excluded.effect::text
      or (known.state = 'failed' and not known.final)`.execute(tx);
}

/** What an ended task must not do any more, inside the transaction that ends it. */
export async function dropUndone(tx: Tx, taskId: string): Promise<void> {
  await tx
    .updateTable("effects")
    .set({ state: "failed", reason: "the task has ended", final: true, bundle: null })
    .where("task_id", "=", taskId)
    .where("state", "=", "wanted")
    .where("kind", "in", ["push", "pull-request", "check-run"])
    .execute();
}

/**
 * Of each task only the effect wanted first is ever due, so a task's effects leave in order; a reaction
 * is a courtesy that nothing waits for. Rows that another publisher is taking at this moment are
 * skipped, not waited for.
 */
async function take(db: Database, limit: number, holdMs: number): Promise<readonly TakenEffect[]> {
  const { rows } = await sql<TakenRow>`
    with due as (
      select id from nexus.effects as effect
      where state = 'wanted' and due_at <= now() and not exists (
        select from nexus.effects as earlier
        where earlier.task_id = effect.task_id
          and earlier.state = 'wanted' and earlier.seq < effect.seq
          and earlier.kind is distinct from 'reaction'
      )
      order by seq limit ${limit}
      for update skip locked
    )
    update nexus.effects as effect set
      due_at = ${later(holdMs)},
      tried_at = coalesce(tried_at, now()),
      attempts = attempts + 1,
      taken_version = version,
      taken_attempt = attempts + 1
    from due where effect.id = due.id
    returning effect.*,
      (extract(epoch from now() - tried_at) * 1000)::double precision as tried_ms`.execute(db);
  return rows.sort((a, b) => Number(a.seq) - Number(b.seq)).map(takenEffect);
}

type TakenRow = Selectable<EffectsTable> & { readonly tried_ms: number };

function takenEffect(row: TakenRow): TakenEffect {
  return {
    effect: parseStored(Effect, row.effect, `effect ${row.id}`),
    version: row.version,
    attempts: row.attempts,
    triedForMs: row.tried_ms,
    bundle: row.bundle === null ? undefined : new Uint8Array(row.bundle),
  };
}

function sameVersion(db: Database, { effect, version }: TakenEffect) {
  return db.updateTable("effects").where("id", "=", effect.id).where("version", "=", version);
}

async function fail(
  db: Database,
  taken: TakenEffect,
  how: { readonly reason: string; readonly final: boolean },
): Promise<void> {
  const { numUpdatedRows } = await sameVersion(db, taken)
    .set({ state: "failed", ...how, bundle: null })
    .where("state", "=", "wanted")
    .where("attempts", "=", taken.attempts)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) await letGo(db, taken, { delayMs: 0 });
}

/** Ends the hold of this very taking, if nobody took the effect since. */
async function letGo(
  db: Database,
  taken: TakenEffect,
  { delayMs, reason = null }: { delayMs: number; reason?: string | null },
): Promise<void> {
  await stillTaken(db, taken)
    .set({ due_at: later(delayMs), taken_version: null, taken_attempt: null, reason })
    .execute();
}

function stillTaken(db: Database, { effect, version, attempts }: TakenEffect) {
  return db
    .updateTable("effects")
    .where("id", "=", effect.id)
    .where("state", "=", "wanted")
    .where("taken_version", "=", version)
    .where("taken_attempt", "=", attempts);
}

function later(ms: number) {
  return sql<Date>`now() + ${milliseconds(ms)}`;
}

type StatusRow = Pick<Selectable<EffectsTable>, "id" | "state" | "result" | "reason">;

function statusOf({ id, state, result, reason }: StatusRow): EffectStatus {
  if (state === "done") {
    return { state, result: parseStored(EffectResult, result, `result of effect ${id}`) };
  }
  return state === "failed" ? { state, reason: reason ?? "" } : { state };
}
