import { NexusError } from "../../core/errors.ts";
import type { Attempt, Model, ModelReply, Served } from "../../core/model.ts";
import { modelError } from "../provider-error.ts";
import { type Candidate, isOut, othersAfter, titleOf } from "./candidate.ts";
import type { Reuse } from "./reuse.ts";
import { type Call, type RouterParts, throwIfAborted, tryCandidate } from "./try-candidate.ts";

type Parts = RouterParts & {
  readonly reuse?: Reuse | undefined;
  /** What one model failed with before the next one is asked. */
  readonly onSwitch?: (attempt: Attempt) => void;
};

/**
 * One model out of a list: where one is out, the next one is asked within the same call, in the written order and
 * never beyond the list. What somebody may have seen a part of is not begun again by another model.
 */
export function routedModel(
  candidates: readonly [Candidate, ...(readonly Candidate[])],
  parts: Parts,
): Model {
  return {
    name: candidates.map(titleOf).join(", "),
    async reply(request, signal, onEvent) {
      let isSeen = false;
      const call: Call = {
        request,
        signal,
        isSeen: () => isSeen,
        tell(event) {
          if (!onEvent) return;
          isSeen = true;
          onEvent(event);
        },
      };
      return await firstReply(candidates, call, parts);
    },
  };
}

interface Failure {
  readonly candidate: Candidate;
  readonly error: NexusError;
}

interface Resting {
  readonly candidate: Candidate;
  readonly attempt: Attempt;
  readonly forMs: number;
}

async function firstReply(
  candidates: readonly Candidate[],
  call: Call,
  parts: Parts,
): Promise<ModelReply> {
  const attempts: Attempt[] = [];
  const failures: Failure[] = [];
  const resting: Resting[] = [];
  let rest = candidates;
  for (let [candidate, ...others] = rest; candidate; [candidate, ...others] = rest) {
    throwIfAborted(call.signal);
    const reused = await parts.reuse?.find(candidate, call.request);
    if (reused) return withServed(reused, candidate, { waitedMs: 0, isReused: true, attempts });
    const asleep = restOf(candidate, parts);
    if (asleep) {
      resting.push(asleep);
      attempts.push(asleep.attempt);
      parts.onSwitch?.(asleep.attempt);
      rest = others;
      continue;
    }
    const answer = await ask(candidate, { call, attempts, isLast: others.length === 0 }, parts);
    if (!(answer instanceof NexusError)) return answer;
    failures.push({ candidate, error: answer });
    if (call.isSeen()) throw answer;
    rest = othersAfter(candidate, answer.code, others);
  }
  if (failures.length > 0) throw failureOf(failures);
  return await askRested(resting, { call, attempts }, parts);
}

function restOf(candidate: Candidate, { breaker }: Parts): Resting | undefined {
  const admission = breaker.admit(titleOf(candidate));
  if (admission.kind === "go") return undefined;
  const { provider, name: model } = candidate;
  const attempt = { provider, model, code: admission.code, waitedMs: 0 };
  return { candidate, attempt, forMs: admission.forMs };
}

interface Asking {
  readonly call: Call;
  readonly attempts: Attempt[];
  readonly isLast: boolean;
}

async function ask(
  candidate: Candidate,
  { call, attempts, isLast }: Asking,
  parts: Parts,
): Promise<ModelReply | NexusError> {
  const tried = await tryCandidate(candidate, { ...call, isLast }, parts);
  attempts.push(...tried.attempts);
  if (tried.kind === "failed") {
    const last = tried.attempts.at(-1);
    if (last && !isLast) parts.onSwitch?.(last);
    return tried.error;
  }
  await parts.reuse?.keep(candidate, call.request, tried.reply);
  return withServed(tried.reply, candidate, { waitedMs: Math.round(tried.waitedMs), attempts });
}

/** Every model of the list failed a moment ago: the one that is back first is waited for, where waiting can help. */
async function askRested(
  resting: readonly Resting[],
  at: Omit<Asking, "isLast">,
  parts: Parts,
): Promise<ModelReply> {
  const passing = resting.filter(({ attempt }) => modelError(attempt.code, "").retryable);
  const [first] = passing.toSorted((a, b) => a.forMs - b.forMs);
  if (!first || first.forMs > parts.timeoutMs) {
    const code = (first ?? resting[0])?.attempt.code ?? "model.overloaded";
    throw modelError(code, "Every model of the list failed a moment ago.", {
      retryAfterMs: first?.forMs,
    });
  }
  await parts.policy.wait(first.forMs, at.call.signal).catch(() => undefined);
  throwIfAborted(at.call.signal);
  const answer = await ask(first.candidate, { ...at, isLast: true }, parts);
  if (answer instanceof NexusError) throw answer;
  return answer;
}

function withServed(
  reply: ModelReply,
  { provider, name: model }: Candidate,
  how: Omit<Served, "provider" | "model">,
): ModelReply {
  return { ...reply, served: { provider, model, ...how } };
}

/** The first choice's failure, with what became of the others. */
function failureOf(failures: readonly Failure[]): NexusError {
  const [first, last] = [failures[0]?.error, failures.at(-1)?.error];
  if (!first || !last || failures.length === 1 || !isOut(last.code)) {
    return last ?? modelError("model.overloaded", "No model was asked.");
  }
  const told = failures.map(({ candidate, error }) => `${titleOf(candidate)}: ${error.message}`);
  const { code, hint, retryable, retryAfterMs } = first;
  return new NexusError(code, told.join(" "), {
    retryable,
    ...(hint !== undefined && { hint }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}
