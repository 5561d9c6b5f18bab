import { z } from "zod";

/** Millionths of a dollar. Money is whole everywhere: sums of fractions drift. */
const MicroDollars = z.number().int().nonnegative();

/** What is bounded: one task, one repository on one day, one day, and all that was ever spent. */
export const BudgetCap = z.enum(["task", "repository-day", "day", "total"]);
export type BudgetCap = z.infer<typeof BudgetCap>;

/** The most that may be spent, in millionths of a dollar; what is absent is not bounded. */
export type Caps = Readonly<Partial<Record<BudgetCap, number>>>;

/** Which cap had no room for a call, and how full it was. */
export const Exhaustion = z.object({
  cap: BudgetCap,
  limit: MicroDollars,
  settled: MicroDollars,
  /** Held for calls whose price is not known yet. */
  reserved: MicroDollars,
});
export type Exhaustion = z.infer<typeof Exhaustion>;

/** Money that is held for one call until its price is known. */
export interface Reservation {
  readonly id: string;
  readonly atMost: number;
}

/** One call that is to be paid for. */
export interface SpendingWish {
  readonly task: string;
  readonly repository: string;
  /** For people who read the ledger. */
  readonly model: string;
  /** The most the call can cost. */
  readonly atMost: number;
  readonly caps: Caps;
  /** After which nobody will settle it any more: longer than any call takes. */
  readonly leaseMs: number;
}

/** Whether a call may be made. */
export type Reserved =
  | { readonly kind: "reserved"; readonly reservation: Reservation }
  | ({ readonly kind: "refused" } & Exhaustion);

/** What a task has cost so far. */
export interface Cost {
  readonly spent: number;
  /** True where the price of some call is not known, and the most it can have been was counted. */
  readonly isAtMost: boolean;
}

/** The book of what models cost. What is reserved and settled together never goes beyond a cap. */
export interface Ledger {
  /** Holds money for one call under every cap, or for none and says which cap has no room. One step, whoever asks at once. */
  reserve(wish: SpendingWish): Promise<Reserved>;
  /** What was billed; `unknown` counts the most it can have been. Twice is once. */
  settle(reservation: Reservation, billed: number | "unknown"): Promise<void>;
  /** Nothing was billed. */
  release(reservation: Reservation): Promise<void>;
  /** Of what is settled. */
  costOf(task: string): Promise<Cost>;
  /** Settles at their most what was reserved by somebody who is gone; how many there were. */
  reconcile(): Promise<number>;
}

/** The narrower of two sets of caps: either can only lower the other. */
export function lowerCaps(caps: Caps, others: Caps): Caps {
  const lower = (cap: BudgetCap) => {
    const both = [caps[cap], others[cap]].filter((limit) => limit !== undefined);
    return both.length > 0 ? { [cap]: Math.min(...both) } : {};
  };
  return Object.assign({}, ...BudgetCap.options.map(lower));
}
