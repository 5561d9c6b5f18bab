import type { Logger } from "pino";
import { createLog } from "../../jobs/log.ts";
import { createRedactor, type Redact } from "../../src/core/redact.ts";

/** The product's log, kept instead of printed. */
export function logLines(redact: Redact = createRedactor([])): { log: Logger; lines: string[] } {
  const lines: string[] = [];
  const to = { write: (line: string) => void lines.push(line) };
  return { log: createLog({ name: "test", level: "trace", redact, to }), lines };
}
