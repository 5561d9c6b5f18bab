import { type Answer, type Ending, type LimitRule, spacingOf } from "./desk.ts";

/*
 * The line before one vendor, as plain state and arithmetic: no clock, nothing that waits. The script in
 * limit-scripts.ts does the same where the state is in Redis; one suite of tests holds both to it.
 */

/** Who waits for one vendor, whose call runs, and what was learnt of what the vendor takes. */
export interface Lane {
  /** Before it nobody may begin. */
  next: number | undefined;
  /** The vendor asked for silence. */
  pausedUntil: number;
  readonly waiting: string[];
  readonly running: Set<string>;
  /** Of the rule, what the vendor takes at present. */
  share: number;
  halvedAt: number;
}

/** The least share; a vendor that takes less is as good as out. */
export const LEAST_SHARE = 1 / 32;
/** Calls that were under way together are told together: one halving answers them. */
export const HALVE_EVERY_MS = 2_000;
/** So many times as many calls as may run at once bring a whole share back. */
export const REGROW_CALLS = 20;
/** Without a wish of the vendor. */
export const PAUSE_MS = 1_000;
/** A vendor's wish is not taken further. */
export const LONGEST_PAUSE_MS = 60_000;
/** Between two questions of one that waits for a call to end. */
export const ASK_AGAIN_MS = 100;
/** Whoever waits asks at least so often. */
export const ASK_WITHIN_MS = 1_000;

/** Nobody there, nothing learnt. */
export function emptyLane(): Lane {
  return {
    next: undefined,
    pausedUntil: 0,
    waiting: [],
    running: new Set(),
    share: 1,
    halvedAt: Number.NEGATIVE_INFINITY,
  };
}

/** Lets the ticket begin if it is its turn. */
export function askLane(lane: Lane, ticket: string, at: { rule: LimitRule; now: number }): Answer {
  const { rule, now } = at;
  const spacing = spacingOf(rule) / lane.share;
  // Of what went before nothing is known, so the first one waits as if somebody had just begun.
  lane.next ??= now + spacing;
  if (!lane.waiting.includes(ticket)) lane.waiting.push(ticket);
  const rank = lane.waiting.indexOf(ticket);
  const free = Math.max(1, Math.floor(rule.concurrency * lane.share)) - lane.running.size;
  const dueInMs = Math.max(0, lane.next - now, lane.pausedUntil - now);
  if (rank < free && dueInMs === 0 && (rank === 0 || spacing === 0)) {
    takeLane(lane, ticket, at);
    return { kind: "granted", at: now };
  }
  const expectedMs = dueInMs + rank * spacing;
  const forPlace = rank < free ? 0 : ASK_AGAIN_MS * (1 + rank / 2);
  const askAgainMs = Math.min(ASK_WITHIN_MS, Math.max(expectedMs, forPlace, 1));
  return { kind: "wait", askAgainMs, expectedMs };
}

/** The ticket begins, whoever let it. */
export function takeLane(lane: Lane, ticket: string, at: { rule: LimitRule; now: number }): void {
  leaveLane(lane, ticket);
  lane.running.add(ticket);
  lane.next = at.now + spacingOf(at.rule) / lane.share;
}

/** The ticket waits no longer. */
export function leaveLane(lane: Lane, ticket: string): void {
  const index = lane.waiting.indexOf(ticket);
  if (index !== -1) lane.waiting.splice(index, 1);
}

/** The ticket's call has ended; what the vendor takes is learnt from how. */
export function endLane(
  lane: Lane,
  ticket: string,
  at: { rule: LimitRule; now: number; ending: Ending },
): void {
  const { rule, now, ending } = at;
  lane.running.delete(ticket);
  if (ending.kind === "done") {
    lane.share = Math.min(1, lane.share + 1 / (REGROW_CALLS * rule.concurrency));
  }
  if (ending.kind !== "limited") return;
  const pauseMs = Math.min(ending.retryAfterMs ?? PAUSE_MS, LONGEST_PAUSE_MS);
  lane.pausedUntil = Math.max(lane.pausedUntil, now + pauseMs);
  if (now - lane.halvedAt < HALVE_EVERY_MS) return;
  lane.share = Math.max(LEAST_SHARE, lane.share / 2);
  lane.halvedAt = now;
}
