import { setTimeout } from "node:timers/promises";
import { NexusError } from "../../src/core/errors.ts";

const DEADLINE_MS = 60_000;
const PATIENCE_MS = 10_000;
const PAUSE_MS = 100;

/**
 * One question to the Docker daemon with a deadline. Whatever goes wrong becomes `sandbox.unavailable`,
 * so nobody waits for a daemon that hangs.
 */
export async function ask<T>(
  what: string,
  question: (abortSignal: AbortSignal) => Promise<T>,
  deadlineMs = DEADLINE_MS,
): Promise<T> {
  const deadline = AbortSignal.timeout(deadlineMs);
  const { promise: late, reject } = Promise.withResolvers<never>();
  const expire = () => reject(new Error(`no answer within ${deadlineMs} ms`));
  deadline.addEventListener("abort", expire, { once: true });
  try {
    return await Promise.race([question(deadline), late]);
  } catch (cause) {
    throw cause instanceof NexusError ? cause : unavailable(what, cause);
  } finally {
    deadline.removeEventListener("abort", expire);
  }
}

/** Like `ask`, for taking things away: what is gone already is as good as removed. */
export async function askToRemove(
  what: string,
  question: (abortSignal: AbortSignal) => Promise<unknown>,
): Promise<void> {
  try {
    await ask(what, question);
  } catch (error) {
    const status = error instanceof NexusError ? statusOf(error.cause) : undefined;
    if (status !== 404 && status !== 409) throw error;
  }
}

/**
 * Like `askToRemove`, until it is gone indeed: others may be removing it at this moment, or what uses it.
 * Throws `sandbox.unavailable` when it is still in use after ten seconds.
 */
export async function askUntilGone(what: string, question: () => Promise<unknown>): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const failure = await ask(what, question).then(
      () => undefined,
      (error: unknown) => error,
    );
    const status = failure instanceof NexusError ? statusOf(failure.cause) : undefined;
    if (failure === undefined || status === 404) return;
    if (status !== 409 || performance.now() > end) throw failure;
    await setTimeout(PAUSE_MS);
  }
}

/** The HTTP status the daemon answered with, where it answered. */
export function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("statusCode" in error)) return undefined;
  return typeof error.statusCode === "number" ? error.statusCode : undefined;
}

function unavailable(what: string, cause: unknown): NexusError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new NexusError("sandbox.unavailable", `Docker could not ${what}: ${reason}`, {
    hint: "Is the Docker daemon running and reachable? `docker version` must answer.",
    retryable: true,
    cause,
  });
}
