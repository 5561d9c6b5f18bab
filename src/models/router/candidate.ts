import type { ErrorCode } from "../../core/errors.ts";
import type { Model } from "../../core/model.ts";
import type { LimitRule } from "../limiter/desk.ts";

/** One model of a list. */
export interface Candidate {
  readonly provider: string;
  /** As its vendor calls it. */
  readonly name: string;
  /** It tries once a call. */
  readonly model: Model;
  readonly limit: LimitRule;
  /** The largest input in tokens, where it is known. */
  readonly contextTokens?: number | undefined;
  /** What else of its settings makes another reply of the same request. */
  readonly fingerprint?: string;
}

/** What people and the breaker know a candidate by. */
export function titleOf({ provider, name }: Candidate): string {
  return `${provider}:${name}`;
}

const OUT: ReadonlySet<ErrorCode> = new Set([
  "model.overloaded",
  "model.unreachable",
  "model.timeout",
  "model.rate-limited",
  "model.malformed",
  "model.auth",
  "model.spend-limit",
  "model.missing",
]);

/** Whether another model may fare better. What a vendor refuses to do is not asked of the next one. */
export function isOut(code: ErrorCode): boolean {
  return OUT.has(code);
}

/** Those of a list that may be asked after this one failed so. */
export function othersAfter(
  failed: Candidate,
  code: ErrorCode,
  rest: readonly Candidate[],
): readonly Candidate[] {
  if (isOut(code)) return rest;
  const { contextTokens: size } = failed;
  if (code !== "model.context-too-long" || size === undefined) return [];
  return rest.filter(({ contextTokens = 0 }) => contextTokens > size);
}
