import { type Logger, pino } from "pino";
import type { Redact } from "../src/core/redact.ts";

/** One JSON line an event, redacted as a whole: a secret in a message, an error or its cause is caught too. */
export function createLog(options: { name: string; level: string; redact: Redact }): Logger {
  return pino({
    name: options.name,
    level: options.level,
    hooks: { streamWrite: (line) => options.redact(line) },
    serializers: { err: describeError },
  });
}

/** Name, code, message, stack and cause; nothing else an error may carry, such as a command or a request. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: String(error) };
  const code = "code" in error ? error.code : undefined;
  const cause = error.cause === undefined ? undefined : describeError(error.cause);
  return { type: error.name, code, message: error.message, stack: error.stack, cause };
}
