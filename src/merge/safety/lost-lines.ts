import type { Sides } from "../../core/merge.ts";
import { addedBy, least, most, removedBy } from "./three-counts.ts";

/** Brackets and rules alone say nothing: they come and go with what stands between them. */
const SAYS_SOMETHING = /[\p{L}\p{N}]/u;

/** How often each line stands in a text, whatever its indentation, and where first. */
function linesOf(text: string): ReadonlyMap<string, { count: number; readonly first: number }> {
  const lines = new Map<string, { count: number; readonly first: number }>();
  for (const [index, whole] of text.split(/\r\n|\r|\n/).entries()) {
    const line = whole.trim();
    if (!SAYS_SOMETHING.test(line)) continue;
    const known = lines.get(line);
    if (known) known.count += 1;
    else lines.set(line, { count: 1, first: index + 1 });
  }
  return lines;
}

function squash(text: string): string {
  return text.replace(/\s+/g, "");
}

/** How often a line's letters stand in the text, wherever that breaks its lines; a last comma is layout. */
function standsIn(squashed: string, line: string): number {
  const wanted = squash(line).replace(/,$/, "");
  let count = 0;
  for (
    let at = squashed.indexOf(wanted);
    at >= 0;
    at = squashed.indexOf(wanted, at + wanted.length)
  ) {
    count += 1;
  }
  return count;
}

function wordsOf(text: string): ReadonlySet<string> {
  return new Set(text.match(/[\p{L}\p{N}_]+/gu));
}

/** The share of a line's words that a line made of it still holds. */
const MADE_OF = 0.6;

/**
 * True where a line that no version has holds what the lost one brought: edits of both sides inside one line make a
 * line of neither.
 */
function isCombined(line: string, fresh: readonly ReadonlySet<string>[], old: ReadonlySet<string>) {
  const words = [...wordsOf(line)];
  const brought = words.filter((word) => !old.has(word));
  return fresh.some(
    (made) =>
      brought.every((word) => made.has(word)) &&
      words.filter((word) => made.has(word)).length >= words.length * MADE_OF,
  );
}

/** Each look for the rest of a line goes through the whole text, so there is an end to looking. */
const MAX_LOOKS = 500;

/** More would be read by nobody. */
const MAX_PROBLEMS = 20;

type Lines = ReturnType<typeof linesOf>;

interface Versions {
  readonly base: Lines;
  readonly ours: Lines;
  readonly theirs: Lines;
  readonly merged: Lines;
}

function versionsOf({ base, ours, theirs }: Sides, merged: string): Versions {
  return {
    base: linesOf(base),
    ours: linesOf(ours),
    theirs: linesOf(theirs),
    merged: linesOf(merged),
  };
}

function countsOf(line: string, { base, ours, theirs }: Versions) {
  const of = (lines: Lines) => lines.get(line)?.count ?? 0;
  return { base: of(base), ours: of(ours), theirs: of(theirs) };
}

/** The words of each line that no version has. */
function freshLines({ base, ours, theirs, merged }: Versions): readonly ReadonlySet<string>[] {
  return [...merged.keys()]
    .filter((line) => !(base.has(line) || ours.has(line) || theirs.has(line)))
    .map(wordsOf);
}

/** Each line that a side added or both kept, and that the merge has neither whole nor broken otherwise. */
export function lostLines(sides: Sides, merged: string): string[] {
  const versions = versionsOf(sides, merged);
  const squashed = squash(merged);
  const old = wordsOf(sides.base);
  const fresh = freshLines(versions).slice(0, MAX_LOOKS);
  let looks = 0;
  const problems: string[] = [];
  for (const line of new Set([...versions.ours.keys(), ...versions.theirs.keys()])) {
    const counts = countsOf(line, versions);
    const needed = least(counts);
    if ((versions.merged.get(line)?.count ?? 0) >= needed) continue;
    looks += 1;
    const isThere = () => standsIn(squashed, line) >= needed || isCombined(line, fresh, old);
    if (looks <= MAX_LOOKS && isThere()) continue;
    if (problems.length >= MAX_PROBLEMS) break;
    const [side, first] = versions.ours.has(line)
      ? ["ours", versions.ours.get(line)?.first]
      : ["theirs", versions.theirs.get(line)?.first];
    problems.push(`line ${first} of ${side}, which ${addedBy(counts)}, is gone`);
  }
  return problems;
}

/** Each line that a side removed and the other left alone, and that the merge has again. */
export function returnedLines(sides: Sides, merged: string): string[] {
  const versions = versionsOf(sides, merged);
  const problems: string[] = [];
  for (const [line, { count, first }] of versions.merged) {
    const counts = countsOf(line, versions);
    const isRemoved = counts.ours < counts.base || counts.theirs < counts.base;
    if (isRemoved && count > most(counts)) {
      problems.push(`line ${first} of the merge, which ${removedBy(counts)}, is back`);
    }
  }
  return problems;
}
