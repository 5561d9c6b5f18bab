import { visible } from "../core/untrusted.ts";
import { shortened } from "./escape.ts";

const CONTEXT = 3;
const LINES = 24;
const LONGEST = 200;

/** What a side made of some lines, as a unified diff of bounded size: whole up to what both begin and end with. */
export function sideDiff(before: string, after: string): string {
  const old = linesOf(before);
  const now = linesOf(after);
  const shorter = Math.min(old.length, now.length);
  let head = 0;
  while (head < shorter && old[head] === now[head]) head++;
  let tail = 0;
  while (tail < shorter - head && old.at(-1 - tail) === now.at(-1 - tail)) tail++;
  const changed = [
    ...bounded(old.slice(head, old.length - tail), "-"),
    ...bounded(now.slice(head, now.length - tail), "+"),
  ];
  if (changed.length === 0) return " (as it was)";
  return [
    ...near(old.slice(Math.max(0, head - CONTEXT), head)),
    ...changed,
    ...near(old.slice(old.length - tail, old.length - tail + CONTEXT)),
  ].join("\n");
}

function near(lines: readonly string[]): readonly string[] {
  return lines.map((line) => ` ${shortened(line, LONGEST)}`);
}

function bounded(lines: readonly string[], sign: "-" | "+"): readonly string[] {
  const shown = lines.slice(0, LINES).map((line) => `${sign}${shortened(line, LONGEST)}`);
  const left = lines.length - shown.length;
  return left > 0 ? [...shown, `${sign}… ${left} more lines`] : shown;
}

/** What people cannot see must not make lines differ, or hide what does. */
function linesOf(text: string): readonly string[] {
  const whole = visible(text.toWellFormed()).replace(/\n$/, "");
  return whole === "" ? [] : whole.split("\n");
}
