import { randomUUID } from "node:crypto";
import { NexusError } from "../../core/errors.ts";
import type { Desk, Ending, LimitRule } from "./desk.ts";

/** Lets calls to vendors begin as their limits allow, one after another in the order they came. */
export interface Limiter {
  /**
   * Waits for a place. Throws `model.rate-limited` where it would take longer than `maxWaitMs`,
   * and `aborted` when the signal fires.
   */
  acquire(rule: LimitRule, wait: Wait): Promise<Permit>;
}

interface Wait {
  readonly signal: AbortSignal;
  readonly maxWaitMs: number;
}

/** A place among the calls of a vendor, held until it is given back or the process dies. */
interface Permit {
  readonly waitedMs: number;
  /** When it was given, on the clock that all who share the limit go by. */
  readonly grantedAt: number;
  /** Gives the place back and says how the call went. Never throws. */
  release(ending: Ending): Promise<void>;
}

interface Options {
  readonly desk: Desk;
  /** Milliseconds that only go up. */
  readonly now: () => number;
  /** Resolves after `ms`, or rejects when the signal fires. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** How often a place that is held is claimed anew. */
  readonly keepEveryMs?: number;
}

const KEEP_EVERY_MS = 10_000;

/** A limiter over a desk, which knows whose turn it is. */
export function createLimiter(options: Options): Limiter {
  const { desk, now } = options;
  return {
    async acquire(rule, { signal, maxWaitMs }) {
      const ticket = randomUUID();
      const began = now();
      const waited = () => now() - began;
      try {
        const grantedAt = await turnOf({ rule, ticket, signal, maxWaitMs, waited }, options);
        return permit({ rule, ticket, grantedAt, waitedMs: waited() }, options);
      } catch (error) {
        await desk.leave(rule, ticket);
        if (signal.aborted) throw new NexusError("aborted", "The model call was stopped.");
        throw error;
      }
    },
  };
}

interface Waiting extends Wait {
  readonly rule: LimitRule;
  readonly ticket: string;
  readonly waited: () => number;
}

async function turnOf(at: Waiting, { desk, wait }: Options): Promise<number> {
  for (;;) {
    at.signal.throwIfAborted();
    const answer = await desk.ask(at.rule, at.ticket);
    at.signal.throwIfAborted();
    if (answer.kind === "granted") return answer.at;
    const leftMs = at.maxWaitMs - at.waited();
    if (leftMs <= 0 || answer.expectedMs > leftMs) throw tooLong(at.rule, answer.expectedMs);
    await wait(Math.min(answer.askAgainMs, leftMs), at.signal);
  }
}

function tooLong({ name }: LimitRule, expectedMs: number): NexusError {
  return new NexusError("model.rate-limited", `Too many calls wait for ${name}.`, {
    retryable: true,
    retryAfterMs: Math.ceil(expectedMs),
    hint: "Raise MODEL_RATE or MODEL_CONCURRENCY if the vendor allows it, or run fewer workers.",
  });
}

interface Held {
  readonly rule: LimitRule;
  readonly ticket: string;
  readonly grantedAt: number;
  readonly waitedMs: number;
}

function permit(held: Held, { desk, keepEveryMs = KEEP_EVERY_MS }: Options): Permit {
  const { rule, ticket, grantedAt, waitedMs } = held;
  const keeping = setInterval(() => void desk.keep(rule, ticket), keepEveryMs);
  keeping.unref();
  let isHeld = true;
  return {
    grantedAt,
    waitedMs,
    async release(ending) {
      if (!isHeld) return;
      isHeld = false;
      clearInterval(keeping);
      await desk.end(rule, ticket, ending);
    },
  };
}
