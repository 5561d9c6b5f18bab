import { createEscapeFilter } from "./escape-filter.ts";
import { assembleLines } from "./lines.ts";

/**
 * Output of a command as plain text: no escapes, no control characters but tab and newline, nothing that
 * turns the direction of reading. A line rewritten in place shows what it said last, as on a terminal.
 */
export function cleanOutput(text: string): string {
  const parts: string[] = [];
  const filter = createEscapeFilter();
  const lines = assembleLines((part) => parts.push(part));
  lines.take(filter.take(text));
  lines.take(filter.finish());
  lines.finish();
  return parts.join("");
}
