import { findPathWords, nameOf } from "./path-words.ts";
import { rarityOf } from "./rarity.ts";
import type { Place, Terms } from "./terms.ts";

/** One line of a file that holds something that was looked for. */
export interface Hit {
  readonly path: string;
  readonly line: number;
  readonly text: string;
}

/** What is ranked: all paths of the repository, and the lines that hold one of the terms. */
export interface Searched {
  readonly terms: Terms;
  readonly paths: readonly string[];
  readonly hits: readonly Hit[];
}

/** A file worth reading first. Reasons and lines quote hostile text. */
export interface Found {
  readonly path: string;
  readonly reasons: readonly string[];
  readonly lines: readonly { readonly line: number; readonly text: string }[];
}

const WORTH = {
  path: 40,
  line: 10,
  folder: 2,
  defines: 12,
  name: 6,
  word: 1.5,
};
const MAX_LINES = 6;
const MAX_NAMED = 6;
const MAX_FOLDERS = 8;
const MAX_BELOW = 200;

// Made by programs or by others: they hold every word and are hardly ever what is meant.
const MADE =
  /(?:^|\/)(?:node_modules|vendor|third_party|dist|build|target|__snapshots__)\/|\.(?:lock|min\.(?:js|css)|map|snap)$|(?:^|\/)(?:package-lock\.json|pnpm-lock\.yaml|go\.sum|CHANGELOG(?:\.md)?)$/i;
const DEFINES = String.raw`(?:function\*?|class|interface|type|enum|trait|struct|impl|mod|module|namespace|def|fn|func|const|let|var|static|macro_rules!)\s+(?:\([^)]{0,80}\)\s*)?`;

/** The files that a request is most likely about, best first, each with why. Takes no time to speak of, whatever the text holds. */
export function retrieve({ terms, paths, hits }: Searched, most: number): readonly Found[] {
  const notes = new Map<string, Note>();
  const noteOf = (path: string) => {
    const note = notes.get(path) ?? { score: 0, reasons: [], lines: new Map() };
    notes.set(path, note);
    return note;
  };
  notePlaces(terms.places, paths, noteOf);
  noteHits(terms, hits, { noteOf, files: paths.length });
  const inPaths = findPathWords(terms, paths);
  const ranked: Ranked[] = [];
  for (const [at, path] of paths.entries()) {
    const score = (notes.get(path)?.score ?? 0) + inPaths.worthOf(at);
    if (score > 0) keep(ranked, { at, path, score }, most);
  }
  return ranked.map(({ at, path }) => {
    const { reasons = [], lines = new Map() } = notes.get(path) ?? {};
    const all = [...reasons, inPaths.reasonOf(at)].filter((reason) => reason !== undefined);
    return { path, reasons: [...new Set(all)].slice(0, MAX_NAMED), lines: bestLines(lines) };
  });
}

interface Ranked {
  readonly at: number;
  readonly path: string;
  readonly score: number;
}

/** Puts a file in its place among the best; nearly all of a large repository's have none. */
function keep(best: Ranked[], one: Ranked, most: number): void {
  const isWorse = (score: number) => {
    const last = best.at(-1);
    return best.length >= most && (!last || score < last.score);
  };
  if (isWorse(one.score)) return;
  const score = MADE.test(one.path) ? one.score / 20 : one.score;
  if (isWorse(score)) return;
  const place = best.findIndex(
    (other) => score > other.score || (score === other.score && one.path < other.path),
  );
  best.splice(place === -1 ? best.length : place, 0, { ...one, score });
  if (best.length > most) best.pop();
}

interface Note {
  score: number;
  readonly reasons: string[];
  /** What each line that hit is worth. */
  readonly lines: Map<number, { text: string; worth: number }>;
}
type NoteOf = (path: string) => Note;

function notePlaces(places: readonly Place[], paths: readonly string[], noteOf: NoteOf): void {
  if (places.length === 0) return;
  const wanted = new Set(places.map(({ path }) => nameOf(path.toLowerCase())));
  const lower = paths.map((path) => path.toLowerCase());
  const named = paths.filter((_, at) => wanted.has(nameOf(lower[at] ?? "")));
  const byName = Map.groupBy(named, (path) => nameOf(path.toLowerCase()));
  const folders = places.filter((place) => !noteFile(place, byName, noteOf));
  for (const { path: folder } of folders.slice(0, MAX_FOLDERS)) {
    const start = `${folder.toLowerCase()}/`;
    const isBelow = (path: string) => path.startsWith(start) || path.includes(`/${start}`);
    const below = paths.filter((_, at) => isBelow(lower[at] ?? ""));
    for (const path of below.slice(0, MAX_BELOW)) {
      const note = noteOf(path);
      note.score += WORTH.folder;
      note.reasons.push(`in the named folder ${folder}`);
    }
  }
}

/** Whether the repository has such a file. */
function noteFile(
  { path: named, line }: Place,
  byName: ReadonlyMap<string, readonly string[]>,
  noteOf: NoteOf,
): boolean {
  const wanted = named.toLowerCase();
  const alike = byName.get(nameOf(wanted)) ?? [];
  // A stack trace knows a longer path than the repository; the longest of its files is the one.
  const best = longestWithin(
    alike.filter((path) => isSame(path.toLowerCase(), wanted)),
    wanted,
  );
  const where = line === undefined ? "" : `, line ${line}`;
  for (const path of best) {
    const note = noteOf(path);
    note.score += WORTH.path / best.length + (line === undefined ? 0 : WORTH.line);
    note.reasons.push(`named: ${named}${where}`);
  }
  return best.length > 0;
}

function isSame(path: string, wanted: string): boolean {
  return path === wanted || path.endsWith(`/${wanted}`) || wanted.endsWith(`/${path}`);
}

function longestWithin(files: readonly string[], wanted: string): readonly string[] {
  const inside = files.filter((path) => wanted.endsWith(path.toLowerCase()));
  const longest = Math.max(0, ...inside.map((path) => path.length));
  return inside.length > 0 ? inside.filter((path) => path.length === longest) : files;
}

/** A term that few files hold says more than one that stands everywhere. */
function noteHits(
  { names, words }: Terms,
  hits: readonly Hit[],
  { noteOf, files }: { readonly noteOf: NoteOf; readonly files: number },
): void {
  const lower = hits.map((hit) => ({ hit, text: hit.text.toLowerCase() }));
  const ofNames = names.map((term) => ({
    term,
    worth: WORTH.name,
    lines: hits.filter((h) => h.text.includes(term)),
  }));
  const ofWords = words.map((term) => ({
    term,
    worth: WORTH.word,
    lines: lower.flatMap(({ hit, text }) => (text.includes(term) ? [hit] : [])),
  }));
  for (const { term, worth, lines } of [...ofNames, ...ofWords]) {
    const holders = new Set(lines.map(({ path }) => path));
    const rarity = rarityOf(holders.size, files);
    for (const path of holders) {
      const note = noteOf(path);
      note.score += worth * rarity;
      note.reasons.push(`has ${quoted(term)}`);
    }
    const defines = worth === WORTH.name ? definitionOf(term) : undefined;
    for (const hit of lines)
      noteLine(noteOf(hit.path), hit, { term, worth: worth * rarity, defines });
  }
}

interface Matched {
  readonly term: string;
  readonly worth: number;
  readonly defines: RegExp | undefined;
}

function noteLine(note: Note, { line, text }: Hit, { term, worth, defines }: Matched): void {
  const isDefinition = defines?.test(text) ?? false;
  if (isDefinition) {
    note.score += WORTH.defines;
    note.reasons.unshift(`defines ${quoted(term)}`);
  }
  const before = note.lines.get(line)?.worth ?? 0;
  note.lines.set(line, { text, worth: before + worth + (isDefinition ? WORTH.defines : 0) });
}

function definitionOf(name: string): RegExp | undefined {
  if (!/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name)) return undefined;
  return new RegExp(`(?<![\\w$])${DEFINES}${name.replaceAll("$", "\\$")}(?![\\w$])`, "u");
}

function bestLines(lines: Note["lines"]): Found["lines"] {
  return [...lines]
    .toSorted(([a, one], [b, other]) => other.worth - one.worth || a - b)
    .slice(0, MAX_LINES)
    .map(([line, { text }]) => ({ line, text }))
    .toSorted((a, b) => a.line - b.line);
}

function quoted(term: string): string {
  return JSON.stringify(term);
}
