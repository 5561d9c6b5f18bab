import { setTimeout as delay } from "node:timers/promises";
import { NexusError } from "../core/errors.ts";

const FIRST_WAIT_MS = 1000;

export interface RetryPolicy {
  readonly maxTries: number;
  /** No single wait is longer, whatever the server asks. */
  readonly maxWaitMs: number;
  /** From 0 to below 1. */
  readonly random: () => number;
  /** Resolves after `ms`, or rejects when the signal fires. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Where a call must end, tries and waits together. */
export interface Bounds {
  readonly signal: AbortSignal;
  readonly remainingMs: () => number;
}

/** The wait that real time gives. */
export async function waitFor(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal });
}

/** Repeats what failed retryably, within the policy and the bounds; ends with the last failure. */
export async function withRetries<T>(
  attempt: () => Promise<T>,
  policy: RetryPolicy,
  { signal, remainingMs }: Bounds,
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!mayRetry(error) || tries >= policy.maxTries) throw error;
      const waitMs = waitBefore(error, tries, policy);
      if (waitMs >= remainingMs()) throw error;
      await policy.wait(waitMs, signal).catch((stopped: unknown) => {
        throw signal.aborted ? error : stopped;
      });
    }
  }
}

function mayRetry(error: unknown): error is NexusError {
  return error instanceof NexusError && error.retryable;
}

/** The server's wish first, else doubling with full jitter, so that many workers do not come back at once. */
export function waitBefore(
  error: NexusError,
  tries: number,
  policy: Pick<RetryPolicy, "maxWaitMs" | "random">,
): number {
  const { maxWaitMs, random } = policy;
  if (error.retryAfterMs !== undefined) return Math.min(error.retryAfterMs, maxWaitMs);
  return Math.floor(random() * Math.min(maxWaitMs, FIRST_WAIT_MS * 2 ** (tries - 1)));
}
