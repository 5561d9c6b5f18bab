import type { Rejection } from "../rejection.ts";

/** Which optional parts of the protocol one vendor's model understands. */
export interface Dialect {
  readonly streams: boolean;
  readonly requiresCalls: boolean;
  readonly limitName: "max_tokens" | "max_completion_tokens";
  /** How it is told the shape of its reply: by the schema, as JSON of any shape, or in words only. */
  readonly shape: "schema" | "object" | "words";
  /** Whether requests that begin alike may be named. */
  readonly cacheKeys: boolean;
  /** Whether what is worth caching must be marked, as Claude behind OpenRouter wants it. */
  readonly cacheMarks: boolean;
  /** Whether it tells in dollars what each call cost, as OpenRouter does. */
  readonly tellsCost: boolean;
}

/** What most vendors take. */
export const COMMON_DIALECT: Dialect = {
  streams: true,
  requiresCalls: true,
  limitName: "max_tokens",
  shape: "schema",
  cacheKeys: false,
  cacheMarks: false,
  tellsCost: false,
};

/** The parts of a request that a vendor may not know. */
interface Spoken {
  readonly stream?: boolean | null | undefined;
  readonly tool_choice?: unknown;
  readonly max_tokens?: number | null | undefined;
  readonly response_format?: { readonly type: string } | undefined;
  readonly prompt_cache_key?: string | null | undefined;
}

type Lesson = (refused: Spoken, about: string, dialect: Dialect) => Partial<Dialect> | undefined;

/** First match wins. Each takes something away, so that learning ends. */
const LESSONS: readonly Lesson[] = [
  ({ prompt_cache_key }, about) =>
    prompt_cache_key != null && /prompt_cache_key/i.test(about) ? { cacheKeys: false } : undefined,
  ({ response_format }, about) => {
    if (!response_format || !/response_format|json_schema|json_object|structured/i.test(about)) {
      return undefined;
    }
    return { shape: response_format.type === "json_schema" ? "object" : "words" };
  },
  ({ stream }, about) =>
    stream === true && /stream_options|include_usage|\bstream(ing)?\b/i.test(about)
      ? { streams: false }
      : undefined,
  ({ tool_choice }, about) =>
    tool_choice === "required" && /tool_choice/i.test(about) ? { requiresCalls: false } : undefined,
  ({ max_tokens }, about) =>
    max_tokens != null && /max_completion_tokens/i.test(about)
      ? { limitName: "max_completion_tokens" }
      : undefined,
  (_, about, { cacheMarks }) =>
    cacheMarks && /cache_control/i.test(about) ? { cacheMarks: false } : undefined,
];

/** The dialect to try next after a vendor refused a request, or undefined where the refusal is about something else. */
export function learn(dialect: Dialect, refused: Spoken, why: Rejection): Dialect | undefined {
  if (![400, 404, 422].includes(why.status ?? 0)) return undefined;
  const about = `${why.param} ${why.text}`;
  for (const lesson of LESSONS) {
    const learnt = lesson(refused, about, dialect);
    if (learnt) return { ...dialect, ...learnt };
  }
  return undefined;
}
