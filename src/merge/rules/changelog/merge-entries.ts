import type { Edit } from "../../text/diff.ts";
import { type Group, stretchesOf, type Three } from "../three-way.ts";
import type { Entry } from "./sections.ts";

/** Why entries cannot be joined. */
export interface Refused {
  readonly refused: string;
}

/**
 * The entries of one section. New ones of both sides at one place stand ours first; one that both sides edited is
 * refused, and so is one that both added in different words.
 */
export function mergeEntries(sides: Three<Entry>): readonly Entry[] | Refused {
  const merged: Entry[] = [];
  for (const stretch of stretchesOf(sides, ({ text }) => text.trimEnd())) {
    const entries = "kept" in stretch ? stretch.kept : settle(stretch);
    if ("refused" in entries) return entries;
    merged.push(...entries);
  }
  const added = [sides.ours, sides.theirs].map((side) => newOf(sides.base, side));
  const twice = added[0]?.some((entry) => added[1]?.some((other) => isSameThing(entry, other)));
  if (twice) return { refused: "both sides added the same entry in different words" };
  return isMiscounted(sides.base, merged) ? { refused: "both sides added one number" } : merged;
}

/** True where numbers stand twice in a list that counts. */
function isMiscounted(base: readonly Entry[], merged: readonly Entry[]): boolean {
  const [before, after] = [base, merged].map((entries) =>
    entries.flatMap(({ text }) => /^ {0,3}(\d{1,9})[.)]\s/.exec(text)?.[1] ?? []),
  );
  if (!before || !after) return false;
  const counts = before.length < 2 || new Set(before).size === before.length;
  return (
    counts && after.length > 2 && new Set(after).size < after.length && new Set(after).size > 1
  );
}

function settle(group: Group<Entry>): readonly Entry[] | Refused {
  const { base, ours, theirs, ourEdits, theirEdits } = group;
  if (ourEdits.length === 0) return theirs;
  if (theirEdits.length === 0 || sameTexts(ours, theirs)) return ours;
  if (base.length === 0) return union(ours, theirs);
  const all = [...ourEdits, ...theirEdits];
  if (all.every(isDeletion)) return { refused: "both sides took away entries at one place" };
  if (theirEdits.every(isInsertion)) return beside(ours, group, theirEdits);
  if (ourEdits.every(isInsertion)) return beside(theirs, { ...group, theirs: ours }, ourEdits);
  return { refused: "both sides edited the same entry" };
}

/** What one side did to the entries, with what the other one put before or after them. */
function beside(
  edited: readonly Entry[],
  { base, theirs: inserting }: Group<Entry>,
  insertions: readonly Edit[],
): readonly Entry[] | Refused {
  const [insertion] = insertions;
  if (!insertion || insertions.length > 1) return { refused: "both sides edited the same entries" };
  const count = insertion.end - insertion.start;
  const isFirst = sameTexts(inserting.slice(count), base);
  const isLast = sameTexts(inserting.slice(0, -count), base);
  if (isFirst) return union(inserting.slice(0, count), edited);
  if (isLast) return union(edited, inserting.slice(-count));
  return { refused: "one side edited entries between which the other one added some" };
}

function union(first: readonly Entry[], second: readonly Entry[]): readonly Entry[] {
  const known = new Set(first.map(({ text }) => text.trimEnd()));
  return [...first, ...second.filter(({ text }) => !known.has(text.trimEnd()))];
}

function newOf(base: readonly Entry[], side: readonly Entry[]): readonly Entry[] {
  const known = new Set(base.map(({ text }) => text.trimEnd()));
  return side.filter(({ text }) => !known.has(text.trimEnd()));
}

/** True for entries about the same issues or pull requests that do not say the same. */
function isSameThing(one: Entry, other: Entry): boolean {
  if (one.text.trimEnd() === other.text.trimEnd()) return false;
  const about = referencesOf(one);
  return about !== "" && about === referencesOf(other);
}

function referencesOf({ text }: Entry): string {
  const found = text.matchAll(/(?:#|:(?:pr|pull|issue|gh|bug):`|\/(?:pull|issues)\/)(\d{1,12})/g);
  const numbers = new Set([...found].map(([, number = ""]) => Number(number)));
  return [...numbers].sort((a, b) => a - b).join(" ");
}

function sameTexts(one: readonly Entry[], other: readonly Entry[]): boolean {
  if (one.length !== other.length) return false;
  return one.every(({ text }, at) => text.trimEnd() === other[at]?.text.trimEnd());
}

function isInsertion({ baseStart, baseEnd }: Edit): boolean {
  return baseStart === baseEnd;
}

function isDeletion({ start, end }: Edit): boolean {
  return start === end;
}
