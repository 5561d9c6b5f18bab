import type { Hunk } from "../text/merge-lines.ts";
import { splitLines } from "../text/split-lines.ts";
import { editsOfBoth, isSameEdit, type SideEdit } from "../text/weave.ts";

// So much of the words of the shorter line: then both lines speak of one thing.
const alike = 0.6;
// More comparisons than that are not worth an answer: long hunks are for other stages.
const mostComparisons = 100_000;

/**
 * True where one side adds a line that is much like one that the other side adds or takes away: a moved, a doubled
 * or a renamed thing, of which both cannot be kept unseen.
 */
export function echoes(hunk: Hunk): boolean {
  const base = splitLines(hunk.base);
  const [ours, theirs] = editsOfBoth({
    base,
    ours: splitLines(hunk.ours),
    theirs: splitLines(hunk.theirs),
  });
  const ownOurs = ours.filter((edit) => !theirs.some((other) => isSameEdit(edit, other)));
  const ownTheirs = theirs.filter((edit) => !ours.some((other) => isSameEdit(edit, other)));
  return echoesOf(ownOurs, ownTheirs, base) || echoesOf(ownTheirs, ownOurs, base);
}

function echoesOf(
  edits: readonly SideEdit[],
  others: readonly SideEdit[],
  base: readonly string[],
): boolean {
  const known = others
    .flatMap((edit) => [...edit.items, ...base.slice(edit.baseStart, edit.baseEnd)])
    .map(wordsOf)
    .filter((words) => words.size > 0);
  const fresh = edits
    .filter((edit) => edit.items.length > edit.baseEnd - edit.baseStart)
    .flatMap((edit) => edit.items.map(wordsOf))
    .filter((words) => words.size > 0);
  if (known.length * fresh.length > mostComparisons) return true;
  return fresh.some((line) => known.some((other) => likeness(line, other) >= alike));
}

/** True where two lines speak of one thing. */
export function isEcho(line: string, other: string): boolean {
  const [one, two] = [wordsOf(line), wordsOf(other)];
  return one.size > 0 && two.size > 0 && likeness(one, two) >= alike;
}

function wordsOf(line: string): ReadonlySet<string> {
  return new Set(line.match(/[\p{L}\p{N}_$]{2,}/gu) ?? []);
}

function likeness(left: ReadonlySet<string>, right: ReadonlySet<string>): number {
  const shared = [...left].filter((word) => right.has(word)).length;
  return shared / Math.min(left.size, right.size);
}
