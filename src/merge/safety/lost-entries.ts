import type { Entry, Outline } from "./outline.ts";
import { addedBy, type Counts, least, most, removedBy } from "./three-counts.ts";

/** What all versions of one text declare. */
export interface Outlines {
  readonly base: Outline;
  readonly ours: Outline;
  readonly theirs: Outline;
  readonly merged: Outline;
}

const MAX_NAME = 80;

/** Names are text of strangers: short, in one line and without what would end a quotation. */
function shown({ what, path }: Entry): string {
  const name = path.join(" › ").replace(/[\s\p{Cc}`]+/gu, " ");
  const short = name.length > MAX_NAME ? `${name.slice(0, MAX_NAME).toWellFormed()}…` : name;
  return `the ${what} \`${short}\``;
}

function countsOf(id: string, { base, ours, theirs }: Outlines): Counts {
  const of = (outline: Outline) => outline.get(id)?.count ?? 0;
  return { base: of(base), ours: of(ours), theirs: of(theirs) };
}

/** True where a side has no more what this stands in: it may be found under the new name then. */
function isMoved({ within }: Entry, outlines: Outlines): boolean {
  if (within === undefined || !outlines.base.has(within)) return false;
  if (!(outlines.ours.has(within) && outlines.theirs.has(within))) return true;
  const around = outlines.base.get(within);
  return around !== undefined && isMoved(around, outlines);
}

const counted = new WeakMap<Outline, ReadonlyMap<string, number>>();

function lastName({ what, path }: Entry): string {
  return `${what} ${path.at(-1)}`;
}

function countNames(outline: Outline): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const entry of outline.values()) {
    const name = lastName(entry);
    counts.set(name, (counts.get(name) ?? 0) + entry.count);
  }
  return counts;
}

/** How often the name stands in the text, in whatever place. */
function sameName(entry: Entry, outline: Outline): number {
  const counts = counted.get(outline) ?? countNames(outline);
  counted.set(outline, counts);
  return counts.get(lastName(entry)) ?? 0;
}

function isElsewhere(entry: Entry, outlines: Outlines): boolean {
  if (!isMoved(entry, outlines)) return false;
  const counts = {
    base: sameName(entry, outlines.base),
    ours: sameName(entry, outlines.ours),
    theirs: sameName(entry, outlines.theirs),
  };
  return sameName(entry, outlines.merged) >= least(counts);
}

/** Each thing that a side added or both kept, and that the merge has not. */
export function lostEntries(outlines: Outlines): string[] {
  const problems: string[] = [];
  const all = new Map([...outlines.base, ...outlines.theirs, ...outlines.ours]);
  for (const [id, entry] of all) {
    const counts = countsOf(id, outlines);
    const count = outlines.merged.get(id)?.count ?? 0;
    if (count >= least(counts) || isElsewhere(entry, outlines)) continue;
    problems.push(`${shown(entry)} that ${addedBy(counts)} is gone`);
  }
  return problems;
}

/** Each thing that a side removed and the other left alone, and that the merge has again. */
export function returnedEntries(outlines: Outlines): string[] {
  const problems: string[] = [];
  for (const [id, entry] of outlines.merged) {
    const counts = countsOf(id, outlines);
    if (counts.base > 0 && entry.count > most(counts) && !isRepeated(id, outlines)) {
      problems.push(`${shown(entry)} that ${removedBy(counts)} is back`);
    }
  }
  return problems;
}

/** True where both sides added it: whether it may stand twice is not a question of what was removed. */
function isRepeated(id: string, outlines: Outlines): boolean {
  const { base, ours, theirs } = countsOf(id, outlines);
  return ours >= base && theirs >= base;
}

/** Blocks of one implementation are one scope, however many there are; both sides added the name to it. */
function isImplementedByBoth(id: string, { base, ours, theirs, merged }: Outlines): boolean {
  const entry = merged.get(id);
  if (!entry || base.has(id) || !entry.path.at(-2)?.startsWith("impl ")) return false;
  return ours.get(id)?.count === 1 && theirs.get(id)?.count === 1 && entry.count > 1;
}

/** Each thing that stands more often in one scope than in any scope of either side. */
export function repeatedEntries({ base, ours, theirs, merged }: Outlines): string[] {
  const problems: string[] = [];
  for (const [id, entry] of merged) {
    const peak = (outline: Outline) => outline.get(id)?.peak ?? 0;
    const isPiled = entry.peak > 1 && entry.peak > Math.max(peak(base), peak(ours), peak(theirs));
    if (isPiled || isImplementedByBoth(id, { base, ours, theirs, merged })) {
      problems.push(`${shown(entry)} stands twice in one scope`);
    }
  }
  return problems;
}
