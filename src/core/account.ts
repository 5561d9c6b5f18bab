import {
  type Caps,
  type Cost,
  type Ledger,
  lowerCaps,
  type Reservation,
  type Reserved,
} from "./budget.ts";

/** What one task may spend, and has spent. */
export interface Account extends Pick<Ledger, "settle" | "release"> {
  /** Holds money for one call of a model, under every cap of the task. */
  reserve(model: string, atMost: number): Promise<Reserved>;
  /** From now on no more than these may be spent. */
  lower(caps: Caps): void;
  cost(): Promise<Cost>;
  /** The most that this task may cost; undefined where nothing bounds it alone. */
  cap(): number | undefined;
}

interface Opening {
  readonly ledger: Ledger;
  readonly task: string;
  readonly repository: string;
  readonly caps: Caps;
  /** Longer than any call takes. */
  readonly leaseMs: number;
}

/** Opens the account of one task with the book of costs. */
export function openAccount({ ledger, caps: given, ...at }: Opening): Account {
  let caps = given;
  return {
    reserve: (model, atMost) => ledger.reserve({ ...at, model, atMost, caps }),
    settle: (reservation: Reservation, billed) => ledger.settle(reservation, billed),
    release: (reservation: Reservation) => ledger.release(reservation),
    lower(others) {
      caps = lowerCaps(caps, others);
    },
    cost: () => ledger.costOf(at.task),
    cap: () => caps.task,
  };
}
