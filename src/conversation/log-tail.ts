import { visible } from "../core/untrusted.ts";

const LINES = 40;

/** The end of a log, where the reason usually is; says how much it leaves out. */
export function logTail(output: string, characters = 3_000): string {
  const lines = visible(output).trimEnd().split("\n");
  const kept: string[] = [];
  let room = characters;
  for (const line of lines.toReversed()) {
    if (kept.length === LINES || line.length + 1 > room) break;
    kept.unshift(line);
    room -= line.length + 1;
  }
  // A single line longer than the bound: its end is better than nothing.
  if (kept.length === 0) return `… ${(lines.at(-1) ?? "").slice(-(characters - 2)).toWellFormed()}`;
  const left = lines.length - kept.length;
  if (left === 0) return kept.join("\n");
  return [`… ${left} ${left === 1 ? "line" : "lines"} above`, ...kept].join("\n");
}
