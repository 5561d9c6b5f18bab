import { type Place, type Terms, wordsOfName } from "./terms.ts";

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
  fileName: 4,
  folderName: 1,
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
  notePathWords(terms, paths, noteOf);
  const here = new Set(paths);
  return [...notes]
    .filter(([path]) => here.has(path))
    .map(([path, note]) => ({ path, note, score: MADE.test(path) ? note.score / 20 : note.score }))
    .toSorted((a, b) => b.score - a.score || (a.path < b.path ? -1 : 1))
    .slice(0, most)
    .map(({ path, note }) => ({
      path,
      reasons: [...new Set(note.reasons)].slice(0, MAX_NAMED),
      lines: bestLines(note),
    }));
}

interface Note {
  score: number;
  readonly reasons: string[];
  /** What each line that hit is worth. */
  readonly lines: Map<number, { text: string; worth: number }>;
}
type NoteOf = (path: string) => Note;

function notePlaces(places: readonly Place[], paths: readonly string[], noteOf: NoteOf): void {
  const byName = Map.groupBy(paths, (path) => nameOf(path.toLowerCase()));
  const folders = places.filter((place) => !noteFile(place, byName, noteOf));
  for (const { path: folder } of folders.slice(0, MAX_FOLDERS)) {
    const wanted = `/${folder.toLowerCase()}/`;
    const below = paths.filter((path) => `/${path.toLowerCase()}`.includes(wanted));
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

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
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

function notePathWords({ names, words }: Terms, paths: readonly string[], noteOf: NoteOf): void {
  const wanted = new Set(
    [...words, ...names.flatMap(wordsOfName)].filter((word) => word.length > 2),
  );
  if (wanted.size === 0) return;
  const matches = paths.map(wordFinder(wanted));
  const holders = new Map<string, number>();
  for (const { inName } of matches)
    for (const word of inName) holders.set(word, (holders.get(word) ?? 0) + 1);
  for (const { path, inName, inFolder } of matches) {
    if (inName.length + inFolder.length === 0) continue;
    const note = noteOf(path);
    for (const word of inName)
      note.score += WORTH.fileName * rarityOf(holders.get(word) ?? 1, paths.length);
    note.score += Math.min(3, inFolder.length) * WORTH.folderName * 0.5;
    note.reasons.push(`its path has ${[...inName, ...inFolder].map(quoted).join(", ")}`);
  }
}

/** Which of the wanted words are in a path; a folder has many files and is looked at once. */
function wordFinder(wanted: ReadonlySet<string>) {
  const among = (text: string): readonly string[] => {
    const words = wordsOfName(text).map((word) =>
      wanted.has(word) ? word : word.replace(/s$/, ""),
    );
    return [...new Set(words.filter((word) => wanted.has(word)))];
  };
  const folders = new Map<string, readonly string[]>();
  return (path: string) => {
    const folder = path.slice(0, Math.max(0, path.lastIndexOf("/")));
    const inFolder = folders.get(folder) ?? among(folder);
    folders.set(folder, inFolder);
    return { path, inName: among(nameOf(path)), inFolder };
  };
}

/** Between 1 for what one file has and a little above 0 for what all have. */
function rarityOf(holders: number, files: number): number {
  if (files <= 1) return 1;
  return Math.max(0.05, 1 - Math.log(Math.max(1, holders)) / Math.log(files + 1));
}

function bestLines({ lines }: Note): Found["lines"] {
  return [...lines]
    .toSorted(([a, one], [b, other]) => other.worth - one.worth || a - b)
    .slice(0, MAX_LINES)
    .map(([line, { text }]) => ({ line, text }))
    .toSorted((a, b) => a.line - b.line);
}

function quoted(term: string): string {
  return JSON.stringify(term);
}
