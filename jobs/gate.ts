import type { Effect, EffectWish } from "../src/core/effect.ts";
import type { Evidence } from "../src/core/evidence.ts";
import type { Outcome } from "../src/core/outcome.ts";
import type { Redact } from "../src/core/redact.ts";

/** Every string of a value, at any depth, without secrets: for what is only kept and read. */
export function gate<T>(value: T, redact: Redact): T {
  return walk(value, redact) as T;
}

function walk(value: unknown, redact: Redact): unknown {
  if (typeof value === "string") return redact(value);
  if (Array.isArray(value)) return value.map((entry) => walk(entry, redact));
  if (value === null || typeof value !== "object" || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [key, walk(entry, redact)]),
  );
}

/** An effect whose texts for people hold no secret; its ids, names and commits are what they were. */
export function gateEffect(effect: Effect, redact: Redact): Effect {
  return { ...effect, wish: gateWish(effect.wish, redact) };
}

function gateWish(wish: EffectWish, redact: Redact): EffectWish {
  switch (wish.kind) {
    case "reaction":
    case "push":
      return wish;
    case "comment":
      return { ...wish, body: redact(wish.body) };
    case "pull-request":
      return { ...wish, title: redact(wish.title), body: redact(wish.body) };
    case "check-run":
      return { ...wish, title: redact(wish.title), summary: redact(wish.summary) };
    default:
      return wish satisfies never;
  }
}

/** An outcome whose texts for people hold no secret; its kind, code, commits and branch are what they were. */
export function gateOutcome(outcome: Outcome, redact: Redact): Outcome {
  switch (outcome.kind) {
    case "proposed":
    case "checks-failed":
      return { ...outcome, evidence: gateEvidence(outcome.evidence, redact) };
    case "nothing-to-do":
    case "model-required":
      return {
        ...outcome,
        reason: redact(outcome.reason),
        ...(outcome.evidence && { evidence: gateEvidence(outcome.evidence, redact) }),
      };
    case "model-failed":
    case "failed":
      return {
        ...outcome,
        reason: redact(outcome.reason),
        ...(outcome.hint !== undefined && { hint: redact(outcome.hint) }),
      };
    case "refused":
    case "no-checks":
      return { ...outcome, reason: redact(outcome.reason) };
    case "setup-failed":
      return { ...outcome, reason: redact(outcome.reason), output: redact(outcome.output) };
    case "conflicted":
      return { ...outcome, files: outcome.files.map(redact) };
    default:
      return outcome satisfies never;
  }
}

/** Evidence whose checks' names, commands and output hold no secret; its digests are what they were. */
export function gateEvidence(evidence: Evidence, redact: Redact): Evidence {
  const checks = evidence.checks.map((check) => ({
    ...check,
    name: redact(check.name),
    command: redact(check.command),
    output: redact(check.output),
  }));
  return { ...evidence, checks };
}
