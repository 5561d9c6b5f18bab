import type { Rejection } from "./rejection.ts";

/** Which optional parts of the protocol one vendor's model understands. */
export interface Dialect {
  readonly streams: boolean;
  readonly requiresCalls: boolean;
  readonly limitName: "max_tokens" | "max_completion_tokens";
}

/** What most vendors take. */
export const COMMON_DIALECT: Dialect = {
  streams: true,
  requiresCalls: true,
  limitName: "max_tokens",
};

/** The parts of a request that a vendor may not know. */
interface Spoken {
  readonly stream?: boolean | null | undefined;
  readonly tool_choice?: unknown;
  readonly max_tokens?: number | null | undefined;
}

/** The dialect to try next after a vendor refused a request, or undefined where the refusal is about something else. */
export function learn(dialect: Dialect, refused: Spoken, why: Rejection): Dialect | undefined {
  if (![400, 404, 422].includes(why.status ?? 0)) return undefined;
  const about = `${why.param} ${why.text}`;

  if (refused.stream === true && /stream_options|include_usage|\bstream(ing)?\b/i.test(about)) {
    return { ...dialect, streams: false };
  }
  if (refused.tool_choice === "required" && /tool_choice/i.test(about)) {
    return { ...dialect, requiresCalls: false };
  }
  if (refused.max_tokens != null && /max_completion_tokens/i.test(about)) {
    return { ...dialect, limitName: "max_completion_tokens" };
  }
  return undefined;
}
