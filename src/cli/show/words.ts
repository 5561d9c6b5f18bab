import type { Cost } from "../../core/budget.ts";
import { clip } from "../../core/clip.ts";
import { spentDollars } from "../../core/dollars.ts";
import { visible } from "../../core/untrusted.ts";
import type { Usage } from "../../core/usage.ts";

/** How words stand out; at a terminal only. */
export interface Paint {
  strong(text: string): string;
  faint(text: string): string;
}

/** Colours for a terminal, and none for anything else. */
export function paintFor(isTerminal: boolean): Paint {
  const wrap = (code: number) => (text: string) =>
    isTerminal ? `\u001b[${code}m${text}\u001b[0m` : text;
  return { strong: wrap(1), faint: wrap(2) };
}

/** Hostile text on one line of which nothing acts. */
export function oneLine(text: string, limit: number): string {
  return clip(visible(text), limit).replaceAll(/\s+/g, " ").trim();
}

/** Hostile text as indented lines of which nothing acts: its first and last ones where it is long. */
export function indented(text: string, limits: { readonly lines: number; readonly width: number }) {
  const lines = visible(text).trimEnd().split("\n");
  const half = Math.floor(limits.lines / 2);
  const isLong = lines.length > limits.lines;
  const missing = `… ${lines.length - 2 * half} lines …`;
  const kept = isLong ? [...lines.slice(0, half), missing, ...lines.slice(-half)] : lines;
  return kept.map((line) => `      ${shortened(line, limits.width)}`.trimEnd());
}

function shortened(line: string, width: number): string {
  return line.length <= width ? line : `${line.slice(0, width - 1).toWellFormed()}…`;
}

/** What was spent, and whether it may have been less; empty for nothing. */
export function costText({ spent, isAtMost }: Cost): string {
  if (spent === 0) return "";
  return isAtMost ? `at most ${spentDollars(spent)}` : spentDollars(spent);
}

/** Tokens of one call or of many. */
export function tokensText({ input, cachedInput, cacheWrite = 0, output }: Usage): string {
  const cached = cachedInput > 0 ? `, ${number(cachedInput)} cached` : "";
  return `${number(input + cachedInput + cacheWrite)} in${cached}, ${number(output)} out`;
}

function number(count: number): string {
  return count.toLocaleString("en-US");
}
