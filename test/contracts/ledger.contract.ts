import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Ledger, Reservation, SpendingWish } from "../../src/core/budget.ts";
import { seeded } from "../src/core/seeded.ts";

interface Opened extends AsyncDisposable {
  readonly ledger: Ledger;
  /** What was reserved so far is by somebody who is gone: by the ledger's own clock. */
  expireAll(): Promise<void>;
  /** Empties it. */
  clear(): Promise<void>;
}

const HOUR = 3_600_000;

/** What everybody who keeps the book of costs promises. */
export function ledgerContract(name: string, open: () => Promise<Opened>): void {
  describe(`${name} keeps the book`, () => {
    let opened: Opened;
    let ledger: Ledger;
    beforeAll(async () => {
      opened = await open();
      ledger = opened.ledger;
    });
    beforeEach(() => opened.clear());
    afterAll(() => opened[Symbol.asyncDispose]());

    const wish = (changes: Partial<SpendingWish> = {}): SpendingWish => ({
      task: "t1",
      repository: "octo/shop",
      model: "m",
      atMost: 100,
      caps: {},
      leaseMs: HOUR,
      ...changes,
    });
    const reserved = async (changes: Partial<SpendingWish> = {}): Promise<Reservation> => {
      const answer = await ledger.reserve(wish(changes));
      if (answer.kind === "refused") throw new Error(`refused by ${answer.cap}`);
      return answer.reservation;
    };

    it("reserves where no cap is, and where there is just enough room", async () => {
      await reserved();
      await reserved({ caps: { task: 200, "repository-day": 200, day: 200, total: 200 } });

      expect(await ledger.reserve(wish({ atMost: 1, caps: { task: 200 } }))).toEqual({
        kind: "refused",
        cap: "task",
        limit: 200,
        settled: 0,
        reserved: 200,
      });
    });

    it.each([
      ["task", { task: "t1", repository: "else/where" }, { task: "t2" }],
      ["repository-day", { task: "t2", repository: "Octo/Shop" }, { repository: "octo/shop2" }],
      ["day", { task: "t2", repository: "else/where" }, undefined],
      ["total", { task: "t2", repository: "else/where" }, undefined],
    ] as const)("counts for the cap %s what belongs to it alone", async (cap, same, other) => {
      await reserved();
      const caps = { [cap]: 199 };

      expect(await ledger.reserve(wish({ ...same, caps }))).toMatchObject({ kind: "refused", cap });
      if (other)
        expect(await ledger.reserve(wish({ ...other, caps }))).toMatchObject({ kind: "reserved" });
    });

    it("takes room under no cap where another one refuses", async () => {
      for (const _ of [1, 2, 3]) await ledger.reserve(wish({ caps: { total: 50 } }));

      expect(await ledger.reserve(wish({ caps: { task: 100, total: 100 } }))).toMatchObject({
        kind: "reserved",
      });
    });

    it("tells the narrowest cap where several refuse", async () => {
      const caps = { task: 99, "repository-day": 99, day: 99, total: 99 };

      expect(await ledger.reserve(wish({ caps }))).toMatchObject({ cap: "task" });
      expect(await ledger.reserve(wish({ caps: { ...caps, task: 100 } }))).toMatchObject({
        cap: "repository-day",
      });
    });

    it("counts what was billed in the place of what was reserved, once", async () => {
      const reservation = await reserved();
      await ledger.settle(reservation, 40);
      await ledger.settle(reservation, 40);
      await ledger.settle(reservation, "unknown");
      await ledger.release(reservation);

      expect(await ledger.costOf("t1")).toEqual({ spent: 40, isAtMost: false });
      expect(await ledger.reserve(wish({ atMost: 61, caps: { task: 100 } }))).toMatchObject({
        settled: 40,
        reserved: 0,
      });
    });

    it("counts the most where nobody knows what was billed, and says so", async () => {
      await ledger.settle(await reserved({ atMost: 7 }), "unknown");
      await ledger.settle(await reserved(), 1);
      await ledger.settle(await reserved({ task: "t2" }), { atMost: 60 });

      expect(await ledger.costOf("t1")).toEqual({ spent: 8, isAtMost: true });
      expect(await ledger.costOf("t2")).toEqual({ spent: 60, isAtMost: true });
      expect(await ledger.costOf("nobody")).toEqual({ spent: 0, isAtMost: false });
    });

    it("gives back what was not billed", async () => {
      const reservation = await reserved();
      await ledger.release(reservation);
      await ledger.release(reservation);

      expect(await ledger.costOf("t1")).toEqual({ spent: 0, isAtMost: false });
      await reserved({ caps: { total: 100 } });
    });

    it("records more than was reserved where more was billed", async () => {
      await ledger.settle(await reserved({ caps: { task: 100 } }), 130);

      expect(await ledger.costOf("t1")).toEqual({ spent: 130, isAtMost: false });
    });

    it("settles at its most what somebody reserved who is gone, and takes back the guess for the truth", async () => {
      const [lost, late] = [await reserved(), await reserved({ atMost: 50 })];
      const open = await reserved({ task: "t2" });
      await ledger.settle(open, 5);
      expect(await ledger.reconcile()).toBe(0);

      await opened.expireAll();
      expect(await ledger.reconcile()).toBe(2);
      expect(await ledger.reconcile()).toBe(0);
      expect(await ledger.costOf("t1")).toEqual({ spent: 150, isAtMost: true });

      await ledger.settle(late, 20);
      await ledger.settle(lost, "unknown");
      expect(await ledger.costOf("t1")).toEqual({ spent: 120, isAtMost: true });
      expect(await ledger.reserve(wish({ caps: { total: 124 } }))).toMatchObject({
        settled: 125,
        reserved: 0,
      });
    });

    it("takes no fraction of a millionth, nothing negative and nothing endless", async () => {
      for (const atMost of [0.5, -1, Number.NaN, 2 ** 60]) {
        await expect(ledger.reserve(wish({ atMost }))).rejects.toThrow("whole");
      }
      const reservation = await reserved();
      await expect(ledger.settle(reservation, 0.1)).rejects.toThrow("whole");
    });

    it.each([1, 2, 3, 4, 5, 6])(
      "never goes beyond a cap, whatever is done in which order (seed %i)",
      async (seed) => {
        const { int, pick } = seeded(seed);
        const upTo = (most: number) => int(most + 1);
        const caps = { task: 300, "repository-day": 500, day: 700, total: 900 };
        const open: { reservation: Reservation; task: string; repository: string }[] = [];
        const counted = { task: new Map<string, number>(), repository: new Map<string, number>() };
        let total = 0;
        const count = (task: string, repository: string, amount: number) => {
          total += amount;
          counted.task.set(task, (counted.task.get(task) ?? 0) + amount);
          counted.repository.set(repository, (counted.repository.get(repository) ?? 0) + amount);
        };

        for (let turn = 0; turn < 60; turn += 1) {
          const task = pick(["a", "b", "c"]);
          const repository = pick(["x/x", "y/y"]);
          const atMost = upTo(120);
          if (int(10) < 6) {
            const answer = await ledger.reserve(wish({ task, repository, atMost, caps }));
            if (answer.kind === "refused") continue;
            open.push({ reservation: answer.reservation, task, repository });
            count(task, repository, atMost);
          } else {
            const [one] = open.splice(int(open.length), 1);
            if (!one) continue;
            const { reservation } = one;
            const billed = upTo(reservation.atMost);
            const [end, amount] = pick([
              [() => ledger.settle(reservation, billed), billed],
              [() => ledger.settle(reservation, "unknown"), reservation.atMost],
              [() => ledger.release(reservation), 0],
            ] as const);
            await end();
            count(one.task, one.repository, amount - reservation.atMost);
          }
          expect(Math.max(0, ...counted.task.values())).toBeLessThanOrEqual(300);
          expect(Math.max(0, ...counted.repository.values())).toBeLessThanOrEqual(500);
          expect(total).toBeLessThanOrEqual(700);
          // The book itself counts the same.
          const full = await ledger.reserve(
            wish({ task: "z", repository: "z/z", atMost: 1, caps: { day: 0 } }),
          );
          expect(full).toMatchObject({ kind: "refused", cap: "day" });
          if (full.kind === "refused") expect(full.settled + full.reserved).toBe(total);
        }
      },
    );
  });
}
