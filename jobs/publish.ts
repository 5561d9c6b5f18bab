import type { Logger } from "pino";
import type { EffectResult } from "../src/core/effect.ts";
import { NexusError } from "../src/core/errors.ts";
import type { Effects, TakenEffect } from "../src/core/record.ts";
import type { Redact } from "../src/core/redact.ts";
import { gateEffect } from "./gate.ts";

/** Effects on their way out at the same time. */
const SLOTS = 16;
/** A push carries a whole history over whatever line there is. */
const PUSH_LIMIT_MS = 15 * 60_000;
/** Bounds what nobody understands; trouble outside is bounded by its age. */
const MOST_ATTEMPTS = 20;
const LONGEST_TROUBLE_MS = 24 * 3_600_000;
const LONGEST_DELAY_MS = 60_000;

interface Publish {
  readonly effects: Effects;
  /** Makes the wish true, reads it back. */
  readonly perform: (taken: TakenEffect, signal: AbortSignal) => Promise<EffectResult>;
  /** How long an effect is hidden from others; what takes longer is hidden anew. */
  readonly holdMs: number;
  readonly redact: Redact;
  readonly log: Logger;
  /** Told of each effect that is over: there is room for another. */
  readonly onFree: () => void;
}

interface Publishing {
  /** Begins what is wanted and due, as far as there is room; resolves to how many effects were begun. */
  round(signal: AbortSignal): Promise<number>;
  /** Resolves when nothing is on its way. */
  settled(): Promise<void>;
}

/** Carries out what is wanted. No effect waits for another one's slowness. */
export function createPublishing(options: Publish): Publishing {
  const { effects, holdMs, log, onFree } = options;
  const underWay = new Set<Promise<void>>();

  const begin = (taken: TakenEffect, signal: AbortSignal): void => {
    const work = carryOut(taken, options, signal)
      // It comes again when its hold ends.
      .catch((error: unknown) => log.warn({ effect: taken.effect.id, err: error }, "effect left"))
      .finally(() => {
        underWay.delete(work);
        onFree();
      });
    underWay.add(work);
  };
  return {
    async round(signal) {
      const taken = await effects.take(SLOTS - underWay.size, holdMs);
      for (const one of taken) begin(one, signal);
      return taken.length;
    },
    async settled() {
      await Promise.all(underWay);
    },
  };
}

async function carryOut(taken: TakenEffect, options: Publish, signal: AbortSignal): Promise<void> {
  const { effects, perform, redact, log } = options;
  const limit = AbortSignal.any([signal, AbortSignal.timeout(limitMs(taken, options.holdMs))]);
  using _held = keepHold(taken, options);
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

function limitMs({ effect }: TakenEffect, holdMs: number): number {
  return effect.wish.kind === "push" ? PUSH_LIMIT_MS : holdMs * 0.8;
}

/** A publisher that dies holds nothing for long, and one that is slow keeps what it has. */
function keepHold(taken: TakenEffect, { effects, holdMs, log }: Publish): Disposable {
  const again = setInterval(() => {
    effects.hold(taken, holdMs).catch((error: unknown) => {
      log.warn({ effect: taken.effect.id, err: error }, "hold not renewed");
    });
  }, holdMs / 3);
  return { [Symbol.dispose]: () => clearInterval(again) };
}

/** What may succeed later is tried later; what GitHub refuses is told to the task. */
async function putBack(taken: TakenEffect, error: unknown, options: Publish): Promise<void> {
  const { effects } = options;
  const reason = options.redact(error instanceof Error ? error.message : String(error));
  if (isFinal(error)) return effects.fail(taken, reason);
  if (isTooMuch(taken, error)) return effects.giveUp(taken, reason);
  const asked = error instanceof NexusError ? error.retryAfterMs : undefined;
  const grown = Math.min(500 * 2 ** taken.attempts, LONGEST_DELAY_MS);
  await effects.retry(taken, reason, asked ?? grown);
}

/** What was stopped by us may have happened or not: the next try looks. */
function isFinal(error: unknown): boolean {
  return error instanceof NexusError && !error.retryable && error.code !== "aborted";
}

function isTooMuch({ attempts, triedForMs }: TakenEffect, error: unknown): boolean {
  return error instanceof NexusError ? triedForMs >= LONGEST_TROUBLE_MS : attempts >= MOST_ATTEMPTS;
}
