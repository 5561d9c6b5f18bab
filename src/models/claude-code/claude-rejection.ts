import { billedError } from "../provider-error.ts";
import { Rejected } from "../rejection.ts";

/** The HTTP status that Claude Code's own words for an error stand for. */
const STATUS_OF_ERROR: Readonly<Record<string, number>> = {
  authentication_failed: 401,
  oauth_org_not_allowed: 403,
  billing_error: 402,
  rate_limit: 429,
  model_not_found: 404,
  overloaded: 529,
  server_error: 500,
  invalid_request: 400,
};

const API_STATUS = /API Error:? \(?(?<status>[345]\d\d)\b/;
const SIGNED_OUT =
  /invalid api key|please run \/login|not logged in|oauth token|failed to authenticate/i;
/** A plan that is used up; older versions name the second at which it is full again. */
const PLAN_LIMIT =
  /(usage|session|weekly|5-hour|opus|sonnet) limit( reached)?(\|(?<until>\d{10})\b)?/i;

interface End {
  readonly subtype: string;
  readonly result: string;
  readonly errors: readonly string[];
  /** What the run cost all the same, in millionths of a dollar. */
  readonly charged: number | undefined;
}

/** Why a run whose end says that it failed gave no answer. */
export function claudeRejection(end: End, error: string): Error {
  const { subtype, result, errors } = end;
  const said = [result, ...errors].filter((words) => words !== "").join(" ");
  if (subtype === "error_max_budget_usd") {
    const message = "The dollars of one try of Claude Code (CLAUDE_CODE_MAX_DOLLARS) were used up.";
    return billedError("model.spend-limit", message, end.charged);
  }
  if (subtype === "error_max_turns") {
    const message = "Claude Code wanted to go on instead of answering.";
    return billedError("model.malformed", message, end.charged);
  }
  return rejectionOfWords(said || subtype, {
    status: STATUS_OF_ERROR[error],
    charged: end.charged,
  });
}

/** Why a run gave no answer, by nothing but the words it left. */
export function rejectionOfWords(
  text: string,
  {
    status: told,
    charged,
  }: { readonly status?: number | undefined; readonly charged?: number | undefined } = {},
): Error {
  const limit = PLAN_LIMIT.exec(text)?.groups;
  const until = limit?.until;
  const status = told ?? Number(API_STATUS.exec(text)?.groups?.status ?? Number.NaN);
  return new Rejected({
    status: statusOf(text, Number.isNaN(status) ? undefined : status),
    // Without an end that is told, nobody waits for it.
    code: limit && until === undefined ? "insufficient_quota" : "",
    type: "",
    param: "",
    text: text.slice(0, 2000),
    headers: undefined,
    ...(charged === undefined ? {} : { charged }),
    ...(until === undefined
      ? {}
      : { retryAfterMs: Math.max(0, Number(until) * 1000 - Date.now()) }),
  });
}

function statusOf(text: string, told: number | undefined): number | undefined {
  if (SIGNED_OUT.test(text)) return 401;
  if (PLAN_LIMIT.test(text)) return 429;
  if (/prompt is too long/i.test(text)) return 400;
  return told;
}
