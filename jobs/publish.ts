import type { Logger } from "pino";
import type { EffectResult } from "../src/core/effect.ts";
import { NexusError } from "../src/core/errors.ts";
import type { Effects, TakenEffect } from "../src/core/record.ts";
import type { Redact } from "../src/core/redact.ts";
import { gateEffect } from "./gate.ts";

const HOLD_MS = 60_000;
const MOST_ATTEMPTS = 20;
const LONGEST_DELAY_MS = 60_000;

interface Publish {
  readonly effects: Effects;
  /** Makes the wish true, reads it back. */
  readonly perform: (taken: TakenEffect, signal: AbortSignal) => Promise<EffectResult>;
  readonly redact: Redact;
  readonly log: Logger;
}

/** Carries out what is wanted; resolves to how many effects were taken. */
export async function publish(options: Publish, signal: AbortSignal): Promise<number> {
  const taken = await options.effects.take(8, HOLD_MS);
  await Promise.all(taken.map((one) => carryOut(one, options, signal)));
  return taken.length;
}

async function carryOut(taken: TakenEffect, options: Publish, signal: AbortSignal): Promise<void> {
  const { effects, perform, redact, log } = options;
  const limit = AbortSignal.any([signal, AbortSignal.timeout(HOLD_MS * 0.8)]);
  try {
    const clean = { ...taken, effect: gateEffect(taken.effect, redact) };
    const result = await perform(clean, limit);
    await effects.done(taken, result);
    log.info({ effect: taken.effect.id, kind: result.kind }, "effect done");
  } catch (error) {
    log.warn({ effect: taken.effect.id, attempts: taken.attempts, err: error }, "effect not done");
    await putBack(taken, error, options);
  }
}

/** What may succeed later is tried later; what GitHub refuses is told to the task. */
async function putBack(taken: TakenEffect, error: unknown, options: Publish): Promise<void> {
  const { effects } = options;
  const reason = options.redact(error instanceof Error ? error.message : String(error));
  // Stopped by us, it may have happened or not: the next try looks.
  const final = error instanceof NexusError && !error.retryable && error.code !== "aborted";
  if (final || taken.attempts >= MOST_ATTEMPTS) return effects.fail(taken, reason);
  const asked = error instanceof NexusError ? error.retryAfterMs : undefined;
  const grown = Math.min(500 * 2 ** taken.attempts, LONGEST_DELAY_MS);
  await effects.retry(taken, reason, asked ?? grown);
}
