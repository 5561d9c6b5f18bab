import type { Effect, EffectWish } from "../src/core/effect.ts";
import type { Evidence } from "../src/core/evidence.ts";
import type { Outcome } from "../src/core/outcome.ts";
import type { Redact } from "../src/core/redact.ts";

// Fields by which programs find things: a password that is an ordinary word must not rename a branch.
// What is not listed is text for people, so a new field is redacted before anybody thinks of it.
const IN_MERGE = ["kind", "stage", "confidence"];
const IN_EVIDENCE = [
  ...IN_MERGE,
  "base",
  "commit",
  "tree",
  "image",
  "ending",
  "signal",
  "digest",
  "format",
];
const IN_OUTCOME = [...IN_EVIDENCE, "code", "item", "url", "head", "branch", "cap", "because"];
const IN_COMMENT = ["kind", "content", "marker"];
const IN_PULL = ["branch", "base", "head", "tree", "joins"];
const IN_CHECK_RUN = ["name", "conclusion", "externalId"];
const IN_WISH = [...IN_COMMENT, ...IN_PULL, ...IN_CHECK_RUN];

/** Every string of a value, at any depth, without secrets: for what is only kept and read. */
export function gate<T>(value: T, redact: Redact): T {
  return gateBut([], value, redact);
}

/** An effect whose texts for people hold no secret; its ids, names and commits are what they were. */
export function gateEffect(effect: Effect, redact: Redact): Effect {
  return { ...effect, wish: gateBut<EffectWish>(IN_WISH, effect.wish, redact) };
}

/** An outcome whose texts for people hold no secret; its kind, code, commits and branch are what they were. */
export function gateOutcome(outcome: Outcome, redact: Redact): Outcome {
  return gateBut(IN_OUTCOME, outcome, redact);
}

/** Evidence whose checks' names, commands and output hold no secret; its digests are what they were. */
export function gateEvidence(evidence: Evidence, redact: Redact): Evidence {
  return gateBut(IN_EVIDENCE, evidence, redact);
}

function gateBut<T>(kept: readonly string[], value: T, redact: Redact): T {
  const walk = (part: unknown): unknown => {
    if (typeof part === "string") return redact(part);
    if (Array.isArray(part)) return part.map(walk);
    if (part === null || typeof part !== "object" || ArrayBuffer.isView(part)) return part;
    const entries = Object.entries(part);
    return Object.fromEntries(
      entries.map(([key, entry]) => [key, kept.includes(key) ? entry : walk(entry)]),
    );
  };
  // The same fields hold the same kinds of values.
  return walk(value) as T;
}
