import { isEcho } from "./echoes.ts";
import type { KeyOf } from "./entry-lines.ts";

// Longer lists and lines are data that nobody reads; their merge would take its time.
const mostLines = 1_000;
const longestLine = 300;

interface Entries {
  readonly base: readonly string[];
  readonly ours: readonly string[];
  readonly theirs: readonly string[];
}

interface Surroundings {
  readonly keyOf: KeyOf;
  /** Names that the changed lines of one side only may speak of. */
  readonly namesOf?: (line: string) => readonly string[];
  /** The entries right before and right after, where there are. */
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/**
 * What both sides added, without what either removed, ours first; sorted where everything around is sorted.
 * Undefined where a line is no entry, where both sides have their own line for one key, or where it is not certain
 * which lines end with a comma.
 */
export function unionOfEntries(
  { base, ours, theirs }: Entries,
  around: Surroundings,
): readonly string[] | undefined {
  const all = [...base, ...ours, ...theirs];
  if (all.length > mostLines || all.some((line) => line.length > longestLine)) return undefined;
  if (all.some((line) => around.keyOf(line) === undefined)) return undefined;
  const ending = endingOf({ base, ours, theirs });
  if (ending === undefined) return undefined;
  const lists = { base: base.map(bare), ours: ours.map(bare), theirs: theirs.map(bare) };
  if (hasDoubles(lists) || isDoubtful(lists, around.keyOf)) return undefined;
  if (renamesRemoved(lists)) return undefined;
  if (around.namesOf !== undefined && sharesNames(lists, around.namesOf)) return undefined;
  const joined = inOrder(join(lists), lists, around);
  return joined.map((line, at) => `${line}${at < joined.length - 1 ? ending.inner : ending.last}`);
}

interface Ending {
  readonly inner: string;
  readonly last: string;
}

/** Commas and line ends of the entries: all alike, but for the last one where it has no comma on any side. */
function endingOf(lists: Entries): Ending | undefined {
  const filled = [lists.base, lists.ours, lists.theirs].filter((list) => list.length > 0);
  const inner = new Set(filled.flatMap((list) => list.slice(0, -1).map(endOf)));
  const last = new Set(filled.map((list) => endOf(list.at(-1) ?? "")));
  if (last.size !== 1 || inner.size > 1) return undefined;
  const [lastEnd = "\n"] = last;
  const [innerEnd = lastEnd] = inner;
  // With single entries only, nothing shows what ends an entry that another one follows.
  if (inner.size === 0 && (!lastEnd.endsWith("\n") || lastEnd === "\n")) {
    return lists.ours.some((line) => line.includes(":")) || lastEnd === ""
      ? undefined
      : { inner: lastEnd, last: lastEnd };
  }
  return { inner: innerEnd, last: lastEnd };
}

function endOf(line: string): string {
  return /,?[ \t]*(?:\r?\n)?$/.exec(line)?.[0] ?? "";
}

function bare(line: string): string {
  return line.slice(0, line.length - endOf(line).length);
}

function hasDoubles(lists: Entries): boolean {
  return [lists.base, lists.ours, lists.theirs].some((list) => new Set(list).size !== list.length);
}

/** True where the sides have different ideas of one key. */
function isDoubtful({ base, ours, theirs }: Entries, keyOf: KeyOf): boolean {
  const [before, our, their] = [base, ours, theirs].map((list) => linesByKey(list, keyOf));
  const keys = new Set([...base, ...ours, ...theirs].map(keyOf));
  return [...keys].some((key) => {
    const one = our?.get(key);
    const other = their?.get(key);
    return one !== other && one !== before?.get(key) && other !== before?.get(key);
  });
}

/** True where one side removed an entry and the other has it under another name. */
function renamesRemoved({ base, ours, theirs }: Entries): boolean {
  const gone = base.filter((line) => !ours.includes(line) && !theirs.includes(line));
  const renamed = (side: readonly string[], other: readonly string[]): boolean =>
    side.some(
      (line) =>
        !base.includes(line) && !other.includes(line) && gone.some((was) => isEcho(line, was)),
    );
  return renamed(ours, theirs) !== renamed(theirs, ours);
}

function linesByKey(list: readonly string[], keyOf: KeyOf): Map<string | undefined, string> {
  const found = new Map<string | undefined, string>();
  for (const line of list) {
    const key = keyOf(line);
    found.set(key, `${found.get(key) ?? ""}${line}\n`);
  }
  return found;
}

function sharesNames(lists: Entries, namesOf: (line: string) => readonly string[]): boolean {
  const [ours, theirs] = changedLines(lists);
  const names = new Set(ours.flatMap(namesOf));
  return theirs.flatMap(namesOf).some((name) => names.has(name));
}

/** The lines that each side added or removed and the other did not. */
function changedLines({ base, ours, theirs }: Entries): readonly [string[], string[]] {
  const our = [...minus(ours, base), ...minus(base, ours)];
  const their = [...minus(theirs, base), ...minus(base, theirs)];
  return [minus(our, their), minus(their, our)];
}

function minus(lines: readonly string[], others: readonly string[]): string[] {
  const gone = new Set(others);
  return lines.filter((line) => !gone.has(line));
}

function join({ base, ours, theirs }: Entries): string[] {
  const removed = new Set(minus(base, theirs));
  const joined = ours.filter((line) => !removed.has(line));
  const fresh = new Set(minus(minus(theirs, base), ours));
  const inBase = new Set(base);
  for (const [at, line] of theirs.entries()) {
    if (!fresh.has(line)) continue;
    const previous = theirs[at - 1];
    let place = previous === undefined ? 0 : joined.indexOf(previous) + 1;
    const follows = (next: string | undefined): boolean =>
      next !== undefined && !inBase.has(next) && !theirs.includes(next);
    while (follows(joined[place])) place += 1;
    joined.splice(place, 0, line);
  }
  return joined;
}

/** Sorted where the three texts and their neighbours are. */
function inOrder(
  joined: readonly string[],
  lists: Entries,
  { before, after, keyOf }: Surroundings,
): readonly string[] {
  const compare = (left: string, right: string): number => order(keyOf(left), keyOf(right));
  const sorted = (list: readonly string[]): boolean =>
    list.every((line, at) => at === 0 || compare(list[at - 1] ?? "", line) <= 0);
  const framed = (list: readonly string[]): string[] => [
    ...(before === undefined ? [] : [bare(before)]),
    ...list,
    ...(after === undefined ? [] : [bare(after)]),
  ];
  const hasEvidence = before !== undefined || after !== undefined || lists.ours.length > 1;
  const isSorted = [lists.base, lists.ours, lists.theirs].every((list) => sorted(framed(list)));
  if (!hasEvidence || !isSorted) return joined;
  return [...joined].sort(compare);
}

function order(left = "", right = ""): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
