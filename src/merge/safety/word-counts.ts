import { diff } from "../text/diff.ts";
import { createInterner } from "../text/intern.ts";
import { splitLines } from "../text/split-lines.ts";
import { addedBy, type Counts, least, most, removedBy } from "./three-counts.ts";

/** The texts of a merge and its result. */
interface Versions {
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
  readonly merged: string;
}

type WordCounts = ReadonlyMap<string, number>;

/** Numbers are left out: where both sides raised one, one of the two is right to be gone. */
function wordsOf(text: string): WordCounts {
  const counts = new Map<string, number>();
  for (const [word] of text.matchAll(/(?<![\p{L}\p{N}_$])[\p{L}_$][\p{L}\p{N}_$]*/gu)) {
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return counts;
}

/** How often one side took each word away, and how often it wrote it: both count where a word moved. */
interface Edited {
  readonly removed: Map<string, number>;
  readonly added: Map<string, number>;
}

type Compare = (text: string) => Edited;

function comparerTo(base: string): Compare {
  const intern = createInterner();
  const lines = splitLines(base);
  const before = intern(lines);
  return (text) => {
    const after = splitLines(text);
    const edited: Edited = { removed: new Map(), added: new Map() };
    for (const { baseStart, baseEnd, start, end } of diff(before, intern(after))) {
      const old = wordsOf(lines.slice(baseStart, baseEnd).join(""));
      note(edited, old, wordsOf(after.slice(start, end).join("")));
    }
    return edited;
  };
}

function note({ removed, added }: Edited, before: WordCounts, after: WordCounts): void {
  for (const word of new Set([...before.keys(), ...after.keys()])) {
    const more = (after.get(word) ?? 0) - (before.get(word) ?? 0);
    const to = more > 0 ? added : removed;
    if (more !== 0) to.set(word, (to.get(word) ?? 0) + Math.abs(more));
  }
}

interface BothEdited {
  readonly ours: Edited;
  readonly theirs: Edited;
}

/** The fewest and the most times that a word may stand in a merge, whichever edits the sides have in common. */
function boundsOf(word: string, counts: Counts, sides: BothEdited): readonly [number, number] {
  const of = (words: WordCounts) => words.get(word) ?? 0;
  const removed = [of(sides.ours.removed), of(sides.theirs.removed)] as const;
  const added = [of(sides.ours.added), of(sides.theirs.added)] as const;
  const fewest = counts.base - removed[0] - removed[1] + Math.max(...added);
  const highest = counts.base - Math.max(...removed) + added[0] + added[1];
  return [Math.min(least(counts), fewest), Math.max(most(counts), highest)];
}

/**
 * Each word that the merge has less often than it must, or more often than it may, after what both sides did: whatever
 * was lost, doubled or brought back has words. A word that moved is told by its count, so it is none of these.
 */
export function miscountedWords(versions: Versions): string[] {
  const words = {
    base: wordsOf(versions.base),
    ours: wordsOf(versions.ours),
    theirs: wordsOf(versions.theirs),
    merged: wordsOf(versions.merged),
  };
  const compare = comparerTo(versions.base);
  const edits = { ours: compare(versions.ours), theirs: compare(versions.theirs) };
  const problems: string[] = [];
  for (const word of new Set(Object.values(words).flatMap((counts) => [...counts.keys()]))) {
    const of = (counts: WordCounts) => counts.get(word) ?? 0;
    const counts = { base: of(words.base), ours: of(words.ours), theirs: of(words.theirs) };
    const [fewest, highest] = boundsOf(word, counts, edits);
    const name = `the word \`${word.slice(0, 80).toWellFormed()}\``;
    if (of(words.merged) < fewest) problems.push(`${name} that ${addedBy(counts)} is gone`);
    else if (of(words.merged) > highest) {
      problems.push(`${name} that ${removedBy(counts)} stands once too often`);
    }
  }
  return problems;
}
