import {
  amountOf,
  BudgetCap,
  type Exhaustion,
  type Ledger,
  type Reservation,
  type SpendingWish,
} from "../../src/core/budget.ts";

interface Spending {
  readonly wish: SpendingWish;
  readonly day: string;
  readonly expiresAt: number;
  state: "reserved" | "settled" | "released";
  billed: number;
  isGuess: boolean;
}

/** A ledger of this process, on a clock that the test may give. */
export function memoryLedger(now: () => number = Date.now): Ledger {
  const spendings = new Map<string, Spending>();
  const countFor = (cap: BudgetCap, wish: SpendingWish, day: string) => {
    const mine = [...spendings.values()].filter((one) => isCounted(one, { cap, wish, day }));
    const of = (state: Spending["state"]) => mine.filter((one) => one.state === state);
    return {
      settled: of("settled").reduce((sum, { billed }) => sum + billed, 0),
      reserved: of("reserved").reduce((sum, one) => sum + one.wish.atMost, 0),
    };
  };
  const close = ({ id }: Reservation, state: "settled" | "released", billed: number) => {
    const spending = spendings.get(id);
    if (!spending || !(spending.state === "reserved" || spending.isGuess)) return;
    Object.assign(spending, { state, billed, isGuess: false });
  };
  const guess = (spending: Spending) =>
    Object.assign(spending, { state: "settled", billed: spending.wish.atMost, isGuess: true });

  return {
    async reserve(wish) {
      throwUnlessWhole(wish.atMost);
      const day = new Date(now()).toISOString().slice(0, 10);
      for (const cap of BudgetCap.options) {
        const limit = wish.caps[cap];
        const counted: Omit<Exhaustion, "cap" | "limit"> = countFor(cap, wish, day);
        const { settled, reserved } = counted;
        if (limit !== undefined && settled + reserved + wish.atMost > limit) {
          return { kind: "refused", cap, limit, settled, reserved };
        }
      }
      const id = String(spendings.size);
      const expiresAt = now() + wish.leaseMs;
      spendings.set(id, { wish, day, expiresAt, state: "reserved", billed: 0, isGuess: false });
      return { kind: "reserved", reservation: { id, atMost: wish.atMost } };
    },
    async settle(reservation, billed) {
      const { amount, isGuess } = amountOf(reservation, billed);
      throwUnlessWhole(amount);
      const spending = spendings.get(reservation.id);
      if (!isGuess) close(reservation, "settled", amount);
      else if (spending?.state === "reserved") {
        Object.assign(spending, { state: "settled", billed: amount, isGuess });
      }
    },
    async release(reservation) {
      close(reservation, "released", 0);
    },
    async costOf(task) {
      const mine = [...spendings.values()].filter(
        ({ wish, state }) => wish.task === task && state === "settled",
      );
      const spent = mine.reduce((sum, { billed }) => sum + billed, 0);
      return { spent, isAtMost: mine.some(({ isGuess }) => isGuess) };
    },
    async reconcile() {
      const expired = [...spendings.values()].filter(
        ({ state, expiresAt }) => state === "reserved" && expiresAt < now(),
      );
      for (const spending of expired) guess(spending);
      return expired.length;
    },
  };
}

interface Counted {
  readonly cap: BudgetCap;
  readonly wish: SpendingWish;
  readonly day: string;
}

function isCounted({ wish, day }: Spending, by: Counted): boolean {
  const sameRepository = wish.repository.toLowerCase() === by.wish.repository.toLowerCase();
  if (by.cap === "task") return wish.task === by.wish.task;
  if (by.cap === "repository-day") return sameRepository && day === by.day;
  return by.cap === "total" || day === by.day;
}

function throwUnlessWhole(micros: number): void {
  if (Number.isSafeInteger(micros) && micros >= 0) return;
  throw new RangeError("Money is counted in whole millionths of a dollar.");
}
