import { diff, type Edit } from "../text/diff.ts";
import { createInterner } from "../text/intern.ts";
import type { Hunk } from "../text/merge-lines.ts";
import { splitLines } from "../text/split-lines.ts";
import { isBlank, isWord, tokensOf } from "../text/tokens.ts";

/** Less often is no habit of a side. */
const FEWEST = 2;
/** More words than that are written anew, not replaced. */
const MOST_OLD = 3;
const MOST_NEW = 6;
const MOST_EDITS_OF_A_LINE = 4;
/** Lines that no person wrote, and replacements that no person made. */
const MOST_WORDS = 400;
const MOST_PHRASES = 100;

/**
 * True where one side replaced the same words at several places until none were left, such as a name or a part of
 * an address, and the merged text has them again because the other side wrote the old ones once more.
 */
export function usesOldName({ base, ours, theirs }: Hunk, merged: string): boolean {
  return [ours, theirs].some((side) => {
    const phrases = replacedIn(base, side);
    if (phrases.length === 0) return false;
    const kept = wordsOf(side);
    const result = wordsOf(merged);
    return phrases.some((phrase) => !holds(kept, phrase) && holds(result, phrase));
  });
}

/** What was replaced by the same words again and again, with the word before it and the one after it. */
function replacedIn(base: string, side: string): readonly (readonly string[])[] {
  const before = splitLines(base);
  const after = splitLines(side);
  const counts = new Map<string, { readonly phrase: readonly string[]; count: number }>();
  for (const edit of edits(before, after)) {
    if (edit.baseEnd - edit.baseStart !== edit.end - edit.start) continue;
    for (let at = 0; at < edit.end - edit.start; at += 1) {
      const [line, other] = [before[edit.baseStart + at] ?? "", after[edit.start + at] ?? ""];
      for (const { phrase, by } of replacedInLine(wordsOf(line), wordsOf(other))) {
        const key = JSON.stringify([phrase, by]);
        const known = counts.get(key) ?? { phrase, count: 0 };
        known.count += 1;
        counts.set(key, known);
      }
    }
  }
  const found = [...counts.values()].filter(({ count }) => count >= FEWEST);
  return found.slice(0, MOST_PHRASES).map(({ phrase }) => phrase);
}

function replacedInLine(line: readonly string[], other: readonly string[]) {
  if (line.length > MOST_WORDS || other.length > MOST_WORDS) return [];
  const changes = edits(line, other);
  if (changes.length > MOST_EDITS_OF_A_LINE) return [];
  return changes
    .filter(({ baseStart, baseEnd, start, end }) => {
      return baseEnd - baseStart <= MOST_OLD && end - start <= MOST_NEW;
    })
    .map(({ baseStart, baseEnd, start, end }) => ({
      phrase: line.slice(Math.max(0, baseStart - 1), baseEnd + 1),
      by: other.slice(start, end),
    }))
    .filter(({ phrase }) => phrase.some(isWord));
}

function edits(one: readonly string[], other: readonly string[]): readonly Edit[] {
  const intern = createInterner();
  return diff(intern(one), intern(other));
}

/** Words and signs; each line that says something begins and ends with a line end. */
function wordsOf(text: string): readonly string[] {
  const words = splitLines(text).flatMap((line) => {
    const said = tokensOf(line).filter((token) => !isBlank(token));
    return said.length > 0 ? ["\n", ...said] : [];
  });
  return [...words, "\n"];
}

function holds(words: readonly string[], phrase: readonly string[]): boolean {
  const [first] = phrase;
  if (first === undefined) return false;
  for (let at = words.indexOf(first); at >= 0; at = words.indexOf(first, at + 1)) {
    if (phrase.every((word, offset) => words[at + offset] === word)) return true;
  }
  return false;
}
