import type { Hunk } from "../text/merge-lines.ts";
import { splitLines } from "../text/split-lines.ts";
import { usesOldName } from "./old-names.ts";

/**
 * True where a line that one side took away wherever it stood is in the merged text, because the other side wrote it
 * once more, or words that it replaced wherever they stood: what one side renamed or removed is used anew by the
 * other.
 */
export function hasReturningLine(sides: Hunk, merged: string): boolean {
  return hasRemovedLine(sides, merged) || usesOldName(sides, merged);
}

function hasRemovedLine({ base, ours, theirs }: Hunk, merged: string): boolean {
  const before = countLines(base);
  const our = countLines(ours);
  const their = countLines(theirs);
  for (const line of countLines(merged).keys()) {
    if (!before.has(line)) continue;
    if (!our.has(line) || !their.has(line)) return true;
  }
  return false;
}

function countLines(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of splitLines(text)) {
    const words = line.trim();
    if (/[\p{L}\p{N}]{2}/u.test(words)) counts.set(words, (counts.get(words) ?? 0) + 1);
  }
  return counts;
}
