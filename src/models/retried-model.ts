import { NexusError } from "../core/errors.ts";
import type { Model } from "../core/model.ts";
import { aborted } from "./failure.ts";
import { modelError } from "./provider-error.ts";
import { type RetryPolicy, waitFor, withRetries } from "./retry.ts";

interface Retrying extends Partial<RetryPolicy> {
  /** Limit of a whole call, its tries and waits together. */
  readonly timeoutMs: number;
}

/** Tries again what failed in passing, for models that try once, such as metered ones. */
export function retriedModel(model: Model, { timeoutMs, ...given }: Retrying): Model {
  const policy = {
    maxTries: 4,
    maxWaitMs: 60_000,
    random: Math.random,
    wait: waitFor,
    ...given,
  };
  return {
    name: model.name,
    async reply(request, signal, onEvent) {
      const deadline = AbortSignal.timeout(timeoutMs);
      const endsAt = performance.now() + timeoutMs;
      const both = AbortSignal.any([signal, deadline]);
      const within = { signal: both, remainingMs: () => endsAt - performance.now() };
      try {
        return await withRetries(() => model.reply(request, both, onEvent), policy, within);
      } catch (error) {
        if (signal.aborted) throw aborted();
        throw isStopped(error) ? modelError("model.timeout", "The model took too long.") : error;
      }
    },
  };
}

/** Only our own deadline is left to have stopped it. */
function isStopped(error: unknown): boolean {
  return error instanceof NexusError && error.code === "aborted";
}
