import { z } from "zod";
import type { Rejection } from "../rejection.ts";

const Word = z.string().catch("");
const Detail = z
  .object({
    reason: Word,
    /** Of `google.rpc.RetryInfo`, as `31.4s`. */
    retryDelay: Word,
    /** Of `google.rpc.QuotaFailure`. */
    violations: z.array(z.object({ quotaId: Word }).catch({ quotaId: "" })).catch([]),
  })
  .catch({ reason: "", retryDelay: "", violations: [] });
const Body = z.object({
  error: z.object({
    code: z.number().optional().catch(undefined),
    message: Word,
    status: Word,
    details: z.array(Detail).catch([]),
  }),
});
type GoogleError = z.infer<typeof Body>["error"];

const BAD_KEY = new Set(["API_KEY_INVALID", "API_KEY_EXPIRED", "API_KEY_SERVICE_BLOCKED"]);
const BAD_KEY_TEXT = /API key (not valid|expired|not found)/i;
const NO_MONEY = new Set(["BILLING_DISABLED", "BILLING_NOT_ACTIVE", "SPEND_LIMIT_EXCEEDED"]);
const NO_MONEY_TEXT =
  /requires billing|enable billing|billing (account|is) .*(disabled|closed|inactive)|(prepay\w*|prepaid) credits?|spend(ing)? (cap|limit)|limit: 0\b/i;

interface Told {
  readonly status?: number;
  readonly headers?: Headers;
  /** Parsed, or the text as it came. */
  readonly body: unknown;
}

/** Why Google gave no reply. */
export function geminiRejection({ status, headers, body }: Told): Rejection {
  const { data } = Body.safeParse(body);
  if (!data) return { ...UNTOLD, status, headers, text: plainText(body) };
  const { error } = data;
  const retryAfterMs = delayIn(error);
  return {
    status: isBadKey(error) ? 401 : (status ?? error.code),
    code: isOutOfMoney(error) ? "insufficient_quota" : (reasons(error)[0] ?? ""),
    type: error.status,
    param: "",
    text: error.message || error.status,
    headers,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

const UNTOLD = { code: "", type: "", param: "" };

function plainText(body: unknown): string {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return text.slice(0, 2000);
}

function reasons({ details }: GoogleError): readonly string[] {
  return details.map(({ reason }) => reason).filter((reason) => reason !== "");
}

function isBadKey(error: GoogleError): boolean {
  return reasons(error).some((reason) => BAD_KEY.has(reason)) || BAD_KEY_TEXT.test(error.message);
}

/** A quota of the day is as good as none: nobody waits so long, and its text is that of the quota of a minute. */
function isOutOfMoney(error: GoogleError): boolean {
  if (reasons(error).some((reason) => NO_MONEY.has(reason))) return true;
  if (NO_MONEY_TEXT.test(error.message)) return true;
  const quotas = error.details.flatMap(({ violations }) => violations);
  const isOfDay = quotas.some(({ quotaId }) => /PerDay/i.test(quotaId));
  const isOfMinute = quotas.some(({ quotaId }) => /PerMinute/i.test(quotaId));
  return isOfDay && !isOfMinute;
}

function delayIn({ details }: GoogleError): number | undefined {
  const delays = details.flatMap(({ retryDelay }) => {
    const { seconds } = /^(?<seconds>\d+(?:\.\d+)?)s$/.exec(retryDelay)?.groups ?? {};
    return seconds === undefined ? [] : Math.ceil(Number(seconds) * 1000);
  });
  return delays.length > 0 ? Math.max(...delays) : undefined;
}
