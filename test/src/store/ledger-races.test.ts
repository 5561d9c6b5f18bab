import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import type { SpendingWish } from "../../../src/core/budget.ts";
import { openStore } from "../../../src/store/store.ts";
import { freshDatabase } from "../../world/database.ts";
import { until } from "../../world/until.ts";
import type { LedgerChild } from "./ledger-child.ts";

const PRICE = 1_000;
// What is bounded by the day would have two of them at midnight.
const CAPS = { task: 100_000, "repository-day": 100_000, day: 100_000, total: 3 * PRICE };
const WISH: SpendingWish = {
  task: "t",
  repository: "octo/shop",
  model: "m",
  atMost: PRICE,
  caps: CAPS,
  leaseMs: 3_600_000,
};

const COUNTS = "select scope, settled::int, reserved::int from nexus.budgets order by scope";

async function openLedgers(processes: number) {
  const database = await freshDatabase(inject("databaseUrl"));
  const stores = await Promise.all(
    Array.from({ length: processes }, () => openStore(database.url, { timeoutMs: 30_000 })),
  );
  return {
    database,
    ledgers: stores.map(({ ledger }) => ledger),
    async [Symbol.asyncDispose]() {
      for (const store of stores) await store[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}

/** A process of its own that waits to be let go. */
async function startChild(job: LedgerChild) {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, "ledger-child.ts"), JSON.stringify(job)],
    { stdio: ["pipe", "pipe", "inherit"] },
  );
  let output = "";
  child.stdout.on("data", (bytes) => {
    output += String(bytes);
  });
  const ended = once(child, "exit");
  await until(() => output.includes("ready"), {
    what: "the process to be ready",
    orFail: () => child.exitCode !== null && output,
  });
  return {
    async run() {
      child.stdin.end("go\n");
      const [code, signal] = await ended;
      const made = Number(/made (\d+)/.exec(output)?.[1] ?? Number.NaN);
      return { code, signal, made };
    },
  };
}

describe("50 workers on a budget for three calls", () => {
  it.each([1, 4])("make three where they ask at once over %i connections' pools", async (pools) => {
    await using world = await openLedgers(pools);
    const { ledgers, database } = world;

    const answers = await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        const ledger = ledgers[index % pools];
        const answer = await ledger?.reserve({ ...WISH, task: `t${index % 7}` });
        if (answer?.kind === "reserved") await ledger?.settle(answer.reservation, PRICE);
        return answer?.kind;
      }),
    );

    expect(answers.filter((kind) => kind === "reserved")).toHaveLength(3);
    expect(answers.filter((kind) => kind === "refused")).toHaveLength(47);
    const counts = await database.sql(
      "select settled::int, reserved::int from nexus.budgets where scope = 'total'",
    );
    expect(counts).toEqual([{ settled: 3 * PRICE, reserved: 0 }]);
  });

  it("make three in two processes, and both come to their end", async () => {
    await using world = await openLedgers(1);
    const { database } = world;
    const job = { url: database.url, wish: WISH, workers: 25, calls: 4, billed: PRICE };
    const children = await Promise.all([
      startChild(job),
      startChild({ ...job, wish: { ...WISH, task: "u" } }),
    ]);

    const ran = await Promise.all(children.map((child) => child.run()));

    expect(ran.map(({ code }) => code)).toEqual([0, 0]);
    expect(ran.reduce((sum, { made }) => sum + made, 0)).toBe(3);
    const total = await database.sql(
      "select settled::int, reserved::int from nexus.budgets where scope = 'total'",
    );
    expect(total).toEqual([{ settled: 3 * PRICE, reserved: 0 }]);
  });

  it("make as many as fit where calls cost less than they could have, and never more", async () => {
    await using world = await openLedgers(2);
    const caps = { ...CAPS, total: 20 * PRICE };
    let most = 0;

    const work = async (index: number) => {
      const ledger = world.ledgers[index % 2];
      for (let call = 0; call < 6; call += 1) {
        const answer = await ledger?.reserve({ ...WISH, task: `t${index % 5}`, caps });
        if (answer?.kind !== "reserved") continue;
        if (call % 3 === 0) await ledger?.release(answer.reservation);
        else await ledger?.settle(answer.reservation, PRICE / 4);
        const [count] = await world.database.sql(
          "select (settled + reserved)::int as all from nexus.budgets where scope = 'total'",
        );
        most = Math.max(most, Number(count?.all));
      }
    };
    await Promise.all(Array.from({ length: 20 }, (_, index) => work(index)));

    expect(most).toBeLessThanOrEqual(20 * PRICE);
    const [sums] = await world.database.sql(`
      select coalesce(sum(billed), 0)::int as settled,
        count(*) filter (where state = 'reserved')::int as open from nexus.spendings`);
    const [total] = await world.database.sql(
      "select settled::int, reserved::int from nexus.budgets where scope = 'total'",
    );
    expect(total).toEqual({ settled: sums?.settled, reserved: 0 });
    expect(sums).toMatchObject({ open: 0 });
  });
});

describe("a process that is killed between reserving and settling", () => {
  it("leaves a call that counts in full, and is settled at its most once nobody can be at it", async () => {
    await using world = await openLedgers(1);
    const { database, ledgers } = world;
    const [ledger] = ledgers;
    const child = await startChild({
      url: database.url,
      wish: WISH,
      workers: 1,
      calls: 1,
      billed: null,
    });

    const { signal } = await child.run();

    expect(signal).toBe("SIGKILL");
    expect(await ledger?.reconcile()).toBe(0);
    expect(await database.sql(COUNTS)).toMatchObject(
      Array.from({ length: 4 }, () => ({ settled: 0, reserved: PRICE })),
    );
    await database.sql("update nexus.spendings set expires_at = now() - interval '1 s'");
    expect(await ledger?.reconcile()).toBe(1);
    expect(await database.sql(COUNTS)).toMatchObject(
      Array.from({ length: 4 }, () => ({ settled: PRICE, reserved: 0 })),
    );
    expect(await ledger?.costOf("t")).toEqual({ spent: PRICE, isAtMost: true });
  });

  it("is settled once where several reconcile, and by its own caller that comes back", async () => {
    await using world = await openLedgers(4);
    const { database, ledgers } = world;
    const [ledger] = ledgers;
    const caps = { ...CAPS, total: 20 * PRICE };
    const made = await Promise.all(
      Array.from({ length: 12 }, async () => ledger?.reserve({ ...WISH, caps })),
    );
    await database.sql("update nexus.spendings set expires_at = now() - interval '1 s'");

    const [, ...closed] = await Promise.all([
      Promise.all(
        made
          .slice(0, 6)
          .map(async (one) => one?.kind === "reserved" && ledger?.settle(one.reservation, 10)),
      ),
      ...ledgers.map((one) => one.reconcile()),
    ]);

    expect(closed.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(6);
    expect(await ledger?.costOf("t")).toEqual({ spent: 60 + 6 * PRICE, isAtMost: true });
    expect(await database.sql(COUNTS)).toMatchObject(
      Array.from({ length: 4 }, () => ({ settled: 60 + 6 * PRICE, reserved: 0 })),
    );
  });
});
