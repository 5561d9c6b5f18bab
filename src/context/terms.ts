import { isStopWord } from "./stop-words.ts";

/** A file that a text names, and the line where a stack trace gives one. */
export interface Place {
  readonly path: string;
  readonly line: number | undefined;
}

/** What a text says that may stand in a repository, too. */
export interface Terms {
  readonly places: readonly Place[];
  /** Identifiers, flags and quoted texts: to be looked for as they are written. */
  readonly names: readonly string[];
  /** Ordinary words in small letters: to be looked for in any. */
  readonly words: readonly string[];
}

const MAX_TEXT = 24_000;
const MAX_TOKEN = 200;
const MAX = { places: 40, names: 40, words: 24 };

const PYTHON_FRAME = /"(?<path>[^"\n]{1,200})", line (?<line>\d{1,7})/g;
const QUOTED =
  /`([^`\n]{2,80})`|"([^"\n]{2,80})"|(?<![\p{L}\p{N}])'([^'\n]{2,80})'(?![\p{L}\p{N}])/gu;
const BLOB =
  /^https?:\/\/[^/]+\/[^/]+\/[^/]+\/blob\/[^/]+\/(?<path>[^#?]+)(?:[^#]*#L(?<line>\d{1,7}))?/;
const PLACE = /^(?<path>[^:#?*]*[\w\]])(?::(?<line>\d{1,7}))?(?::\d{1,7})?:?$/;
const FLAG = /(?<![\w-])--[a-z][a-z0-9-]{1,40}/gi;
const IDENTIFIER = /[\p{L}_$][\p{L}\p{N}_$]{1,80}(?<isCall>\()?/gu;
/** Capitals in a row, or one and what follows it; digits belong to what they follow. */
const HUMP = /\p{Lu}+(?!\p{Ll})\p{N}*|\p{Lu}?[\p{Ll}\p{Lo}\p{Lm}\p{Lt}]+\p{N}*|\p{N}+/gu;
const WORD = /\p{L}[\p{L}\p{N}]{2,40}/gu;

/** The paths, names and words of a text, in its order and within bounds. The text is hostile; all of this is only looked for. */
export function termsOf(text: string): Terms {
  const read = text.slice(0, MAX_TEXT);
  const tokens = read.split(/[\s"'`()<>,;|]+/).filter((t) => t !== "" && t.length <= MAX_TOKEN);
  const names = namesIn(read);
  const known = new Set(names.map((name) => name.toLowerCase()));
  const prose = tokens.filter((token) => !token.includes("/") && !asPath(token)).join(" ");
  const words = wordsIn(prose).filter((word) => !known.has(word));
  return {
    places: placesIn(read, tokens).slice(0, MAX.places),
    names: names.slice(0, MAX.names),
    words: words.slice(0, MAX.words),
  };
}

/** The words that a name is made of, in small letters: `readUserFile` is three. */
export function wordsOfName(name: string): readonly string[] {
  return (name.match(HUMP) ?? []).map((word) => word.toLowerCase());
}

function placesIn(text: string, tokens: readonly string[]): readonly Place[] {
  const frames = [...text.matchAll(PYTHON_FRAME)].map((match) => placeOf(match));
  const named = tokens.flatMap((token) => {
    const match = BLOB.exec(token) ?? (/^[a-z]+:\/\//i.test(token) ? null : asPath(token));
    return match ? [placeOf(match)] : [];
  });
  const byPath = new Map<string, Place>();
  for (const place of [...frames, ...named]) {
    // Of one file named twice, the line is worth keeping.
    if (byPath.get(place.path)?.line === undefined) byPath.set(place.path, place);
  }
  return [...byPath.values()];
}

/** Something with a slash or an ending: whether there is such a file is for the repository to say. */
function asPath(token: string): RegExpExecArray | null {
  const match = PLACE.exec(token.replace(/[.!/]+$/, ""));
  const path = match?.groups?.path ?? "";
  const isPath = /[^/]\/[^/]/.test(path) || /[\w\])-]\.[a-z]\w{0,9}$/i.test(path);
  return isPath ? match : null;
}

function placeOf({ groups }: RegExpExecArray): Place {
  const path = (groups?.path ?? "").replaceAll("\\", "/").replace(/^(?:\.{0,2}\/)+|\/+$/g, "");
  return { path, line: groups?.line === undefined ? undefined : Number(groups.line) };
}

function namesIn(text: string): readonly string[] {
  const quoted = [...text.matchAll(QUOTED)].map((match) => match.slice(1).find(Boolean) ?? "");
  const flags = text.match(FLAG) ?? [];
  const identifiers = [...text.matchAll(IDENTIFIER)]
    .filter((match) => isIdentifier(match[0].replace("(", ""), match.groups?.isCall !== undefined))
    .map((match) => match[0].replace("(", ""));
  const all = [...quoted, ...flags, ...identifiers].map((name) => name.trim());
  return unique(all.filter((name) => name.length > 1 && /[\p{L}\p{N}]/u.test(name)));
}

/** A word that no sentence has: humps, underscores, capitals and digits inside, or a call. */
function isIdentifier(word: string, isCall: boolean): boolean {
  if (/^\p{Lu}?\p{Ll}+$/u.test(word)) return isCall && word.length > 2;
  return /[\p{Ll}\p{N}]\p{Lu}|[\p{L}\p{N}]_|_[\p{L}\p{N}]|\p{Lu}\p{Lu}\p{Ll}{2}|^\$\p{L}/u.test(
    word,
  );
}

function wordsIn(text: string): readonly string[] {
  const plain = (text.match(WORD) ?? []).filter((word) => !isIdentifier(word, false));
  const words = plain.map((word) => singular(word.toLowerCase()));
  return unique(words.filter((word) => word.length > 2 && !isStopWord(word)));
}

function singular(word: string): string {
  return /[^s]s$/.test(word) && word.length > 4 ? word.slice(0, -1) : word;
}

function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}
