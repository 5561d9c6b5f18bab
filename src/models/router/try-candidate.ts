import { type ErrorCode, NexusError } from "../../core/errors.ts";
import type { Attempt, ModelEvent, ModelReply, ModelRequest } from "../../core/model.ts";
import type { Limiter } from "../limiter/limiter.ts";
import { type RetryPolicy, waitBefore } from "../retry.ts";
import type { Breaker } from "./breaker.ts";
import { type Candidate, titleOf } from "./candidate.ts";

/** What a list of models works with. */
export interface RouterParts {
  readonly limiter: Limiter;
  readonly breaker: Breaker;
  readonly policy: RetryPolicy;
  /** For one model of the list: to wait for its turn, and to begin another try. A try has its own limit. */
  readonly timeoutMs: number;
  /** Milliseconds that only go up. */
  readonly now: () => number;
}

/** One call of a list of models. */
export interface Call {
  readonly request: ModelRequest;
  readonly signal: AbortSignal;
  readonly tell: (event: ModelEvent) => void;
  /** Whether somebody may have seen a part of a reply. */
  readonly isSeen: () => boolean;
}

/** What came of asking one model. */
export type Tried = { readonly attempts: readonly Attempt[] } & (
  | { readonly kind: "replied"; readonly reply: ModelReply; readonly waitedMs: number }
  | { readonly kind: "failed"; readonly error: NexusError }
);

/** Where others are left, nobody waits longer for this one. */
const PATIENCE_MS = 30_000;
const TRIES_BEFORE_NEXT = 3;

/**
 * Asks one model, with its turn before the vendor's limit and its tries. `isLast`: no other model is left, so it is
 * worth more patience. Throws only what is no failure of a model, and `aborted`.
 */
export async function tryCandidate(
  candidate: Candidate,
  call: Call & { readonly isLast: boolean },
  parts: RouterParts,
): Promise<Tried> {
  const patience = patienceFor(call.isLast, parts);
  const endsAt = parts.now() + parts.timeoutMs;
  const attempts: Attempt[] = [];
  let waitedMs = 0;
  for (let tries = 1; ; tries += 1) {
    const maxWaitMs = Math.min(patience.waitMs, endsAt - parts.now());
    const once = await tryOnce(candidate, { ...call, maxWaitMs }, parts);
    waitedMs += once.waitedMs;
    if (once.kind === "replied") return { kind: "replied", reply: once.reply, waitedMs, attempts };
    const { error } = once;
    const { provider, name: model } = candidate;
    attempts.push({ provider, model, code: error.code, waitedMs: Math.round(waitedMs) });
    const pauseMs = waitBefore(error, tries, parts.policy);
    const isTooLong = !call.isLast && (error.retryAfterMs ?? 0) > patience.waitMs;
    const isOver = tries >= patience.tries || parts.now() + pauseMs >= endsAt || isTooLong;
    if (isOver || !error.retryable || call.isSeen()) {
      return { kind: "failed", error, attempts };
    }
    await parts.policy.wait(pauseMs, call.signal).catch(() => undefined);
    throwIfAborted(call.signal);
    waitedMs = pauseMs;
  }
}

function patienceFor(isLast: boolean, { policy, timeoutMs }: RouterParts) {
  if (isLast) return { waitMs: timeoutMs, tries: policy.maxTries };
  return { waitMs: PATIENCE_MS, tries: Math.min(policy.maxTries, TRIES_BEFORE_NEXT) };
}

type Once =
  | { readonly kind: "replied"; readonly reply: ModelReply; readonly waitedMs: number }
  | { readonly kind: "failed"; readonly error: NexusError; readonly waitedMs: number };

async function tryOnce(
  candidate: Candidate,
  call: Call & { readonly maxWaitMs: number },
  { limiter, breaker }: RouterParts,
): Promise<Once> {
  const { request, signal, maxWaitMs, tell } = call;
  let ended: "replied" | ErrorCode | undefined;
  let waitedMs = 0;
  try {
    const permit = await limiter.acquire(candidate.limit, { signal, maxWaitMs });
    waitedMs = permit.waitedMs;
    try {
      const reply = await candidate.model.reply(request, signal, tell);
      ended = "replied";
      await permit.release({ kind: "done" });
      return { kind: "replied", reply, waitedMs };
    } catch (error) {
      if (error instanceof NexusError) ended = error.code;
      await permit.release(endingOf(error));
      throw error;
    }
  } catch (error) {
    if (!(error instanceof NexusError) || error.code === "aborted") throw error;
    return { kind: "failed", error, waitedMs };
  } finally {
    breaker.report(titleOf(candidate), ended);
  }
}

function endingOf(error: unknown) {
  if (!(error instanceof NexusError) || error.code !== "model.rate-limited") {
    return { kind: "failed" } as const;
  }
  return { kind: "limited", retryAfterMs: error.retryAfterMs } as const;
}

/** Stops the call where its caller wishes. */
export function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new NexusError("aborted", "The model call was stopped.");
}
