import { z } from "zod";

/** Why a vendor gave no reply, read from an HTTP status or from an error object in a body. */
export interface Rejection {
  readonly status: number | undefined;
  readonly code: string;
  readonly type: string;
  readonly param: string;
  /** Hostile text. */
  readonly text: string;
  readonly headers: Headers | undefined;
  /** Where the vendor says in the body how long to wait. */
  readonly retryAfterMs?: number;
  /** What the vendor billed all the same, in millionths of a dollar, where it says so. */
  readonly charged?: number;
}

/** Thrown by an adapter whose vendor gave no reply but said why. */
export class Rejected extends Error {
  override readonly name = "Rejected";
  readonly why: Rejection;

  constructor(why: Rejection) {
    super("The model's vendor gave no reply.");
    this.why = why;
  }
}

/** What the errors of the SDKs have in common, and an error in a body too. */
interface Told {
  readonly status?: number | undefined;
  readonly message: string;
  /** The error object of the vendor. */
  readonly error: unknown;
  readonly headers?: Headers | undefined;
}

const Word = z.string().catch("");
const Code = z.union([z.string(), z.number().transform(String)]).catch("");
const NO_BODY = {
  code: "",
  type: "",
  param: "",
  metadata: { raw: "" },
  details: { error_code: "" },
};
const ErrorBody = z
  .object({
    code: Code,
    type: Word,
    param: Word,
    /** OpenRouter: what the vendor behind it said. */
    metadata: z.object({ raw: Word }).catch(NO_BODY.metadata),
    /** Anthropic: the cause by name. */
    details: z.object({ error_code: Word }).catch(NO_BODY.details),
  })
  .catch(NO_BODY);

/** The HTTP status that words without one stand for. */
const STATUS_OF_WORD: Readonly<Record<string, number>> = {
  invalid_api_key: 401,
  invalid_authentication_error: 401,
  authentication_error: 401,
  permission_error: 403,
  permission_denied_error: 403,
  insufficient_quota: 402,
  billing_error: 402,
  rate_limit_exceeded: 429,
  rate_limit_error: 429,
  rate_limit_reached_error: 429,
  invalid_request_error: 400,
  not_found_error: 404,
  model_not_found: 404,
  request_too_large: 413,
  timeout: 504,
  timeout_error: 504,
  server_error: 500,
  internal_server_error: 500,
  api_error: 500,
  overloaded_error: 503,
  engine_overloaded_error: 503,
};

/** The rejection behind an error of an SDK. */
export function rejectionOf({ status, message, error, headers }: Told): Rejection {
  const { type, param, metadata, details, ...body } = ErrorBody.parse(error);
  const code = details.error_code || body.code;
  const text = [message, metadata.raw].filter((part) => part !== "").join(" ");
  return {
    status: status ?? statusOfCode(code) ?? STATUS_OF_WORD[code] ?? STATUS_OF_WORD[type],
    code,
    type,
    param,
    text,
    headers,
  };
}

/** The rejection that an error object in an answer of status 200 is. */
export function rejectionInBody(error: unknown): Rejection {
  const { data } = z.object({ message: z.string() }).safeParse(error);
  return rejectionOf({ error, message: data?.message ?? JSON.stringify(error) });
}

function statusOfCode(code: string): number | undefined {
  return /^[345]\d\d$/.test(code) ? Number(code) : undefined;
}
