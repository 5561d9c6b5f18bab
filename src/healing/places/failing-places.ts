import { linesOf } from "./lines.ts";
import type { FailingPlace, FailingPlaces } from "./place.ts";
import { type Read, readPlaces } from "./read-places.ts";
import { repositoryFiles } from "./repository-files.ts";

const MOST_PLACES = 20;

/**
 * What the output of a red check complains about, in files of the repository: errors before warnings, those with a
 * line before those with a file alone, otherwise in their order; the first 20, and how many more there are. Hostile
 * output costs time in proportion to its length and nothing else.
 */
export function failingPlaces(output: string, paths: readonly string[]): FailingPlaces {
  const read = readPlaces(linesOf(output), repositoryFiles(paths));
  const errors = read.filter(({ isWarning }) => !isWarning);
  const once = withoutEchoes(errors.length > 0 ? errors : read);
  const ranked = once.toSorted((a, b) => rank(a) - rank(b));
  const places = ranked.slice(0, MOST_PLACES).map(plain);
  return { places, followers: ranked.length - places.length };
}

function plain(read: Read): FailingPlace {
  const { isWarning: _, ...place } = read;
  return place;
}

function rank({ file, line }: FailingPlace): number {
  if (line !== undefined) return 0;
  return file === undefined ? 2 : 1;
}

/** Runners tell of a failure twice or three times, once with its place: the fullest is kept, where the first stood. */
function withoutEchoes(read: readonly Read[]): readonly Read[] {
  const kept: Read[] = [];
  for (const place of read) {
    const at = kept.findIndex((other) => isEcho(place, other));
    const before = kept[at];
    if (!before) kept.push(place);
    else if (isFuller(place, before)) kept[at] = place;
    // Bounded: a log of many thousand complaints is no longer looked through for echoes.
    if (kept.length > 500) return [...kept, ...read.slice(read.indexOf(place) + 1)];
  }
  return kept;
}

/** Where neither has a line, the later one comes with the details. */
function isFuller(later: Read, before: Read): boolean {
  return rank(later) < rank(before) || (rank(later) === rank(before) && before.line === undefined);
}

function isEcho(a: Read, b: Read): boolean {
  const sameTest = a.test !== undefined && b.test !== undefined && isSameTest(a.test, b.test);
  const samePlace = a.file === b.file && a.line === b.line;
  const incomplete = rank(a) > 0 || rank(b) > 0;
  const sameFile = a.file === b.file || a.file === undefined || b.file === undefined;
  if (sameTest) return samePlace || (incomplete && sameFile);
  return samePlace && a.line !== undefined && (a.message === b.message || a.message === "");
}

/** `TestA/sub` is within `TestA`; a test is also told with the suites that it is in. */
function isSameTest(a: string, b: string): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  const [end, whole] = [short, long].map((name) => name.replaceAll("::", "."));
  if (end === undefined || whole === undefined) return false;
  return whole === end || whole.startsWith(`${end}/`) || isTail(end, whole);
}

function isTail(end: string, whole: string): boolean {
  return whole.endsWith(end) && /[ .]$/.test(whole.slice(0, -end.length));
}
