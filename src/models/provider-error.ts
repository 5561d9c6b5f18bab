import type { ErrorCode } from "../core/errors.ts";
import { NexusError } from "../core/errors.ts";
import { visible } from "../core/untrusted.ts";
import type { Rejection } from "./rejection.ts";
import { retryAfterMs } from "./retry-after.ts";

const HINTS: Partial<Record<ErrorCode, string>> = {
  "model.auth": "Check the model's API key and that it may use this model.",
  "model.spend-limit": "Add credit or raise the spending limit at the model's vendor.",
  "model.rate-limited": "Lower the number of workers or ask the vendor for a higher limit.",
  "model.overloaded": "The vendor is in trouble; try again later or configure another model.",
  "model.unreachable": "Check the model's base URL and the network.",
  "model.timeout": "Raise the model's time limit or choose a faster model.",
  "model.context-too-long": "Choose a model with a larger context window or ask for less at once.",
  "model.refused": "The vendor's content filter stopped the request; reword it.",
  "model.malformed": "Is the base URL that of the configured kind of model API?",
  "model.missing": "Check the model's name, that this key may use it, and the base URL.",
  "model.bad-request": "Check the model's name and base URL.",
};

const RETRYABLE: ReadonlySet<ErrorCode> = new Set([
  "model.rate-limited",
  "model.overloaded",
  "model.unreachable",
  "model.timeout",
  "model.malformed",
]);

const OUT_OF_CREDIT = new Set([
  "insufficient_quota",
  "billing_error",
  "billing_not_active",
  "billing_hard_limit_reached",
  "exceeded_current_quota_error",
  "contract_spend_limit_reached",
  "enforced_spend_limit_reached",
  "linked_organization_spend_limit_reached",
]);
const SHUT_OUT = new Set(["organization_on_hold", "organization_type_not_supported"]);
const FILTERED = new Set([
  "content_filter",
  "content_policy_violation",
  "invalid_prompt",
  "bio_policy",
  "misalignment_policy_violation",
]);
const OVERLOADED = new Set(["overloaded_error", "engine_overloaded_error"]);

const CREDIT_TEXT =
  /(insufficient|exhausted|out of|not enough|negative)\s+(\w+\s+)?(credit|balance|funds)|credit balance|credits? (is|are|has been|have been) (exhausted|depleted|used up)|spend(ing)? limit|billing hard limit/i;
const CONTEXT_TEXT =
  /context[ _](length|window)|maximum context|prompt is too long|exceeded model token limit|input (is|was) too long|input token count/i;
/** A personal plan's token is no key to the API. */
const ELSEWHERE_TEXT = /only authorized for use with Claude Code/i;
const MODERATION_TEXT = /flagged|moderation|content (policy|filter)/i;

type Rule = (why: Rejection) => boolean;

/** First match wins: a vendor's own word says more than its status. */
const RULES: readonly (readonly [ErrorCode, Rule])[] = [
  ["model.refused", (why) => named(why, FILTERED)],
  ["model.refused", (why) => why.status === 403 && MODERATION_TEXT.test(why.text)],
  ["model.overloaded", (why) => named(why, OVERLOADED)],
  ["model.spend-limit", (why) => why.status === 402 || named(why, OUT_OF_CREDIT)],
  ["model.spend-limit", (why) => CREDIT_TEXT.test(why.text) && !saysWhenToRetry(why)],
  ["model.auth", (why) => why.status === 401 || why.status === 403 || named(why, SHUT_OUT)],
  ["model.auth", (why) => ELSEWHERE_TEXT.test(why.text)],
  ["model.context-too-long", isTooLong],
  ["model.missing", (why) => why.status === 404],
  ["model.rate-limited", (why) => why.status === 429],
  ["model.timeout", (why) => [408, 504, 524].includes(why.status ?? 0)],
  // A conflict is a lock at the vendor; a status nobody gave comes with an error we cannot name.
  ["model.overloaded", ({ status = 500 }) => status === 409 || status >= 500],
];

function named({ code, type }: Rejection, words: ReadonlySet<string>): boolean {
  return words.has(code) || words.has(type);
}

function saysWhenToRetry({ headers }: Rejection): boolean {
  return headers !== undefined && (headers.has("retry-after") || headers.has("retry-after-ms"));
}

function isTooLong({ status = 400, code, text }: Rejection): boolean {
  if (status === 413 || code === "context_length_exceeded") return true;
  return [400, 422].includes(status) && CONTEXT_TEXT.test(text);
}

interface Told {
  readonly retryAfterMs?: number | undefined;
  readonly charged?: number | "unknown" | undefined;
}

/** A failure of the model with the hint and the retryability that belong to its code. */
export function modelError(
  code: ErrorCode,
  message: string,
  { retryAfterMs: waitMs, charged }: Told = {},
): NexusError {
  const hint = HINTS[code];
  return new NexusError(code, visible(message), {
    retryable: RETRYABLE.has(code),
    ...(hint === undefined ? {} : { hint }),
    ...(waitMs === undefined ? {} : { retryAfterMs: waitMs }),
    ...(charged === undefined ? {} : { charged }),
  });
}

/** A failure after the model did its work: something is billed for it, unknown how much unless the vendor says so. */
export function billedError(
  code: ErrorCode,
  message: string,
  charged: number | "unknown" = "unknown",
): NexusError {
  return modelError(code, message, { charged });
}

/** The error that a vendor's rejection means for us. The text is the vendor's. */
export function errorOfRejection(why: Rejection, now: number): NexusError {
  const code = RULES.find(([, applies]) => applies(why))?.[0] ?? "model.bad-request";
  return modelError(code, `The model's vendor answered: ${why.text}`, {
    retryAfterMs: RETRYABLE.has(code) ? waitAskedBy(why, now) : undefined,
    charged: why.charged,
  });
}

function waitAskedBy(why: Rejection, now: number): number | undefined {
  return why.retryAfterMs ?? (why.headers && retryAfterMs(why.headers, now));
}
