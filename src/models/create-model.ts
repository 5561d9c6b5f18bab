import { NexusError } from "../core/errors.ts";
import type { Model, ModelReply, ModelRequest } from "../core/model.ts";
import { aborted, explained, presentable } from "./failure.ts";
import type { Provider, Try } from "./provider.ts";
import { type RetryPolicy, waitFor, withRetries } from "./retry.ts";
import { watchOver } from "./watch.ts";

/** How long and how often one call may try. */
export interface CallBounds {
  /** Limit of a whole call, its retries and waits included. */
  readonly timeoutMs: number;
  /** How long the vendor may send nothing at all before a try counts as lost. */
  readonly idleMs?: number;
  readonly maxTries?: number;
  readonly maxWaitMs?: number;
  readonly random?: RetryPolicy["random"];
  readonly wait?: RetryPolicy["wait"];
}

const IDLE_MS = 120_000;
const MAX_TRIES = 4;
const MAX_WAIT_MS = 60_000;
const FENCED = /^\s*```(?:json)?\s*\n(?<inside>[\s\S]*?)\n\s*```\s*$/i;

/** A provider with the tries, waits, limits and presentable errors that every model has. */
export function createModel(name: string, provider: Provider, bounds: CallBounds): Model {
  const { timeoutMs } = bounds;
  const idleMs = bounds.idleMs ?? IDLE_MS;
  const policy = policyOf(bounds);
  throwIfUnbounded(timeoutMs, idleMs, policy);
  return {
    name,
    async reply(request, signal, onEvent = () => {}) {
      const deadline = AbortSignal.timeout(timeoutMs);
      const endsAt = performance.now() + timeoutMs;
      const until = { caller: signal, deadline, idleMs };
      const within = {
        signal: AbortSignal.any([signal, deadline]),
        remainingMs: () => endsAt - performance.now(),
      };
      const attempt = () => tryOnce(provider, { request, tell: onEvent }, until);
      try {
        return unfenced(await withRetries(attempt, policy, within), request);
      } catch (error) {
        throw presentable(signal.aborted ? aborted() : error, provider.secrets());
      }
    },
  };
}

function policyOf({ maxTries, maxWaitMs, random, wait }: CallBounds): RetryPolicy {
  return {
    maxTries: maxTries ?? MAX_TRIES,
    maxWaitMs: maxWaitMs ?? MAX_WAIT_MS,
    random: random ?? Math.random,
    wait: wait ?? waitFor,
  };
}

function throwIfUnbounded(timeoutMs: number, idleMs: number, policy: RetryPolicy): void {
  // Above it, a timer fires at once.
  const isTime = (ms: number) => Number.isInteger(ms) && ms > 0 && ms <= 2 ** 31 - 1;
  if (isTime(timeoutMs) && isTime(idleMs) && isTime(policy.maxTries) && policy.maxWaitMs >= 0) {
    return;
  }
  throw new NexusError("config.invalid", "A model's limits are not positive whole numbers.", {
    hint: "Look at the model's time limit, its patience and its tries.",
  });
}

async function tryOnce(
  provider: Provider,
  { request, tell }: Pick<Try, "request" | "tell">,
  until: Parameters<typeof watchOver>[0],
): Promise<ModelReply> {
  using watch = watchOver(until);
  const { signal } = watch;
  // What still comes after the end of a try is nobody's.
  const live: Try["tell"] = (event) => {
    if (!watch.ended()) tell(event);
  };
  try {
    signal.throwIfAborted();
    const reply = await provider.ask({ request, signal, heard: () => watch.heard(), tell: live });
    // An aborted stream may end without an error.
    signal.throwIfAborted();
    return reply;
  } catch (error) {
    throw explained(error, watch);
  }
}

/** A model asked for JSON likes to wrap it up. */
function unfenced(reply: ModelReply, { output }: ModelRequest): ModelReply {
  const inside = output && FENCED.exec(reply.text)?.groups?.inside;
  return inside === undefined ? reply : { ...reply, text: inside };
}
