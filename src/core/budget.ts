import { z } from "zod";

/** Millionths of a dollar. Money is whole everywhere: sums of fractions drift. */
const MicroDollars = z.number().int().nonnegative();

/** What is bounded: one task, one repository on one day, one day, and all that was ever spent. */
export const BudgetCap = z.enum(["task", "repository-day", "day", "total"]);
export type BudgetCap = z.infer<typeof BudgetCap>;

/** The most that may be spent, in millionths of a dollar; what is absent is not bounded. */
export type Caps = Readonly<Partial<Record<BudgetCap, number | undefined>>>;

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

/** What a call cost. `unknown`: the most that was held for it. `atMost`: this or less. */
export type Billed = number | "unknown" | { readonly atMost: number };

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

/** The book of what models cost. What is reserved never takes a cap beyond its limit; only a bill above its reservation can. */
export interface Ledger {
  /** Holds money for one call under every cap, or for none and says which cap has no room. One step, whoever asks at once. */
  reserve(wish: SpendingWish): Promise<Reserved>;
  /** What was billed. Twice is once; only what is known replaces what was guessed. */
  settle(reservation: Reservation, billed: Billed): Promise<void>;
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

/** What each cap is called in a sentence, at its beginning. */
export const CAP_NAMES: Readonly<Record<BudgetCap, string>> = {
  task: "The budget of the task",
  "repository-day": "The day's budget of the repository",
  day: "The day's budget of all repositories",
  total: "The budget of the installation",
};

/** What a bill comes to, and whether that is only its most. */
export function amountOf(
  { atMost }: Reservation,
  billed: Billed,
): { amount: number; isGuess: boolean } {
  if (typeof billed === "number") return { amount: billed, isGuess: false };
  return { amount: billed === "unknown" ? atMost : billed.atMost, isGuess: true };
}
