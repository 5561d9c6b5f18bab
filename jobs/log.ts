import { type DestinationStream, destination, type Logger, pino } from "pino";
import type { Redact } from "../src/core/redact.ts";

/** One JSON line an event, redacted as a whole: a secret in a message, an error or its cause is caught too. */
export function createLog(options: {
  name: string;
  level: string;
  redact: Redact;
  /** Standard output where nothing else is said. */
  to?: DestinationStream;
}): Logger {
  const { name, level, redact, to = destination(1) } = options;
  const hooks = { streamWrite: (line: string) => redact(line) };
  // Not passed on as it came: the serializer counts how deep it is.
  const serializers = { err: (error: unknown) => describeError(error) };
  return pino({ name, level, hooks, serializers }, to);
}

/** Causes below this are not shown; an error may be its own cause. */
const DEEPEST_CAUSE = 5;

/** Name, code, message, stack and cause; nothing else an error may carry, such as a command or a request. */
function describeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return { message: String(error) };
  const code = "code" in error ? error.code : undefined;
  const deeper = error.cause !== undefined && depth < DEEPEST_CAUSE;
  const cause = deeper ? describeError(error.cause, depth + 1) : undefined;
  return { type: error.name, code, message: error.message, stack: error.stack, cause };
}
