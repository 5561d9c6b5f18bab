import { randomUUID } from "node:crypto";
import { type RawBuilder, sql } from "kysely";
import {
  amountOf,
  BudgetCap,
  type Ledger,
  type Reserved,
  type SpendingWish,
} from "../core/budget.ts";
import { type Database, milliseconds } from "./tables.ts";

const EXPIRED_AT_ONCE = 100;
/** Days are days of UTC on the database's clock. */
const TODAY = sql`to_char(now() at time zone 'utc', 'YYYY-MM-DD')`;

/**
 * What models cost, in Postgres. Every statement locks the counts it changes in one order, so nobody waits in a
 * circle, and looks at them only when it holds them all, so nobody sees room that another one takes.
 */
export function createLedger(db: Database): Ledger {
  return {
    async reserve(wish) {
      throwUnlessWhole(wish.atMost);
      for (;;) {
        const answer = await reserveIn(db, wish);
        if (answer) return answer;
        // The first call of a task or a day: nothing is counted for it yet.
        await startCounting(db, wish);
      }
    },

    async settle(reservation, billed) {
      const { id } = reservation;
      const { amount, isGuess } = amountOf(reservation, billed);
      throwUnlessWhole(amount);
      // What was guessed while its caller was away is replaced by what was billed.
      const open = isGuess ? sql`state = 'reserved'` : sql`(state = 'reserved' or is_guess)`;
      await close(db, sql`id = ${id} and ${open}`, { state: "settled", amount, isGuess });
    },

    async release({ id }) {
      const open = sql`id = ${id} and (state = 'reserved' or is_guess)`;
      await close(db, open, { state: "released", amount: null, isGuess: false });
    },

    async costOf(task) {
      const row = await db
        .selectFrom("spendings")
        .select((of) => [
          of.fn.coalesce(of.fn.sum<string>("billed"), sql<string>`0`).as("spent"),
          of.fn.agg<boolean | null>("bool_or", ["is_guess"]).as("guessed"),
        ])
        .where("task_id", "=", task)
        .where("state", "=", "settled")
        .executeTakeFirst();
      return { spent: Number(row?.spent ?? 0), isAtMost: row?.guessed ?? false };
    },

    reconcile: () => reconcile(db),
  };
}

interface Count {
  readonly scope: BudgetCap;
  readonly settled: string;
  readonly reserved: string;
}

/** Undefined where something is not counted yet. */
async function reserveIn(db: Database, wish: SpendingWish): Promise<Reserved | undefined> {
  const { task, repository, model, atMost, caps, leaseMs } = wish;
  const id = randomUUID();
  const place = placeOf(repository);
  const { rows } = await sql<Count & { readonly fits: boolean }>`
    with bounds as (
      select * from (values
        ${sql.join(BudgetCap.options.map((cap) => sql`(${cap}, ${caps[cap] ?? null}::bigint)`))}
      ) as bound (scope, cap)
    ), held as (
      select scope, name, settled, reserved from nexus.budgets
      where (scope, name) in (${countsOf({ task, place })})
      order by scope, name for update
    ), verdict as (
      select count(*) = ${BudgetCap.options.length} as is_whole,
        bool_and(cap is null or settled + reserved + ${atMost}::bigint <= cap) as fits
      from held join bounds using (scope)
    ), counted as (
      update nexus.budgets as budget
      set reserved = budget.reserved + ${atMost}::bigint, changed_at = now()
      from held, verdict
      where budget.scope = held.scope and budget.name = held.name and is_whole and fits
    ), made as (
      insert into nexus.spendings (id, task_id, repository, day, model, at_most, expires_at)
      select ${id}, ${task}, ${place}, ${TODAY}, ${model}, ${atMost}::bigint,
        now() + ${milliseconds(leaseMs)}
      from verdict where is_whole and fits
    )
    select scope, settled, reserved, fits from held, verdict where is_whole`.execute(db);
  if (rows.length === 0) return undefined;
  if (rows[0]?.fits) return { kind: "reserved", reservation: { id, atMost } };
  return refusal(rows, wish);
}

/** The narrowest thing that has no room is told. */
function refusal(counts: readonly Count[], { caps, atMost }: SpendingWish): Reserved {
  for (const cap of BudgetCap.options) {
    const count = counts.find(({ scope }) => scope === cap);
    const [settled, reserved] = [Number(count?.settled ?? 0), Number(count?.reserved ?? 0)];
    const limit = caps[cap];
    if (limit !== undefined && settled + reserved + atMost > limit) {
      return { kind: "refused", cap, limit, settled, reserved };
    }
  }
  throw new Error("A reservation was refused that fits under every cap.");
}

interface Place {
  readonly task: RawBuilder<unknown> | string;
  readonly place: RawBuilder<unknown> | string;
  readonly day?: RawBuilder<unknown>;
}

/** What a call counts for, as rows of scope and name. */
function countsOf({ task, place, day = TODAY }: Place): RawBuilder<unknown> {
  return sql`('task', ${task}), ('repository-day', ${day} || ' ' || ${place}), ('day', ${day}), ('total', '')`;
}

async function startCounting(db: Database, { task, repository }: SpendingWish): Promise<void> {
  await sql`
    insert into nexus.budgets (scope, name)
    select * from (values ${countsOf({ task, place: placeOf(repository) })}) as count (scope, name)
    order by 1, 2
    on conflict do nothing`.execute(db);
}

interface Closing {
  readonly state: "settled" | "released";
  /** Null: nothing was billed. */
  readonly amount: number | null | RawBuilder<unknown>;
  readonly isGuess: boolean;
}

/** Closes the one spending that the condition names, if it is still open; true where it was. */
async function close(
  db: Database,
  which: RawBuilder<unknown>,
  { state, amount, isGuess }: Closing,
): Promise<boolean> {
  const { rows } = await sql`
    with mine as (
      select * from nexus.spendings where ${which} for update
    ), closed as (
      update nexus.spendings as spending
      set state = ${state}, billed = ${amount}::bigint, is_guess = ${isGuess}
      from mine where spending.id = mine.id
      returning spending.billed
    ), held as (
      select budget.scope, budget.name from nexus.budgets as budget, mine
      where (budget.scope, budget.name) in (${countsOf({
        task: sql`mine.task_id`,
        place: sql`mine.repository`,
        day: sql`mine.day`,
      })})
      order by budget.scope, budget.name for update of budget
    ), counted as (
      update nexus.budgets as budget set
        reserved = budget.reserved - case mine.state when 'reserved' then mine.at_most else 0 end,
        settled = budget.settled - coalesce(mine.billed, 0) + coalesce(closed.billed, 0),
        changed_at = now()
      from held, mine, closed
      where budget.scope = held.scope and budget.name = held.name
    )
    select 1 from closed`.execute(db);
  return rows.length > 0;
}

async function reconcile(db: Database): Promise<number> {
  const expired = await db
    .selectFrom("spendings")
    .select("id")
    .where("state", "=", "reserved")
    .where("expires_at", "<", sql<Date>`now()`)
    .orderBy("expires_at")
    .limit(EXPIRED_AT_ONCE)
    .execute();
  let closed = 0;
  for (const { id } of expired) {
    const open = sql`id = ${id} and state = 'reserved'`;
    const guess = { state: "settled", amount: sql`mine.at_most`, isGuess: true } as const;
    if (await close(db, open, guess)) closed += 1;
  }
  return closed;
}

/** GitHub takes names of owners and repositories in any case. */
function placeOf(repository: string): string {
  return repository.toLowerCase();
}

function throwUnlessWhole(micros: number): void {
  if (Number.isSafeInteger(micros) && micros >= 0) return;
  throw new RangeError("Money is counted in whole millionths of a dollar.");
}
