/** What may go to one vendor. */
export interface LimitRule {
  /** All calls under one name share the limit. */
  readonly name: string;
  /** Calls that may begin in any span of that length. */
  readonly rate: { readonly count: number; readonly windowMs: number } | undefined;
  /** Calls that may be on their way at once. */
  readonly concurrency: number;
}

/** How a call went, as far as its vendor's limit is concerned. */
export type Ending =
  | { readonly kind: "done" }
  | { readonly kind: "failed" }
  /** The vendor said that it was too much. */
  | { readonly kind: "limited"; readonly retryAfterMs: number | undefined };

/** Whether it is this ticket's turn. */
export type Answer =
  | {
      readonly kind: "granted";
      /** On the desk's clock. */
      readonly at: number;
    }
  | {
      readonly kind: "wait";
      readonly askAgainMs: number;
      /** The least it will take, as far as it is known. */
      readonly expectedMs: number;
    };

/** Who knows whose turn it is. Nothing of it throws, whatever is broken behind it. */
export interface Desk {
  /** Whoever waits asks again and again, within seconds, and keeps its place in the line. */
  ask(rule: LimitRule, ticket: string): Promise<Answer>;
  /** Gives up waiting. */
  leave(rule: LimitRule, ticket: string): Promise<void>;
  /** The call of this ticket still runs. */
  keep(rule: LimitRule, ticket: string): Promise<void>;
  /** The call of this ticket has ended. */
  end(rule: LimitRule, ticket: string, ending: Ending): Promise<void>;
}

/**
 * How much later than another one a call may be on the road, for each window: calls are let go so far apart that
 * the vendor, who counts when they arrive, does not see too many at once either.
 */
const ROAD_MS = 100;

/** The time from one call to the next; 0 where only their number at once is bounded. */
export function spacingOf({ rate }: LimitRule): number {
  return rate === undefined ? 0 : (rate.windowMs + ROAD_MS) / rate.count;
}

/** Of what is free, the part of one of so many processes that cannot ask each other. */
export function partOf(rule: LimitRule, processes: number): LimitRule {
  if (processes <= 1) return rule;
  const { rate } = rule;
  return {
    ...rule,
    rate: rate && { ...rate, count: rate.count / processes },
    concurrency: Math.max(1, Math.floor(rule.concurrency / processes)),
  };
}
