import { rarityOf } from "./rarity.ts";
import { type Terms, wordsOfName } from "./terms.ts";

const WORTH = { fileName: 4, folderName: 0.5 };
const MAX_FOLDERS = 3;
const NOTHING: readonly string[] = [];

/** Which words of the terms stand in the paths of a repository. Places are those of the list of paths. */
export interface PathWords {
  /** What the words in a path are worth; 0 where there are none. */
  worthOf(at: number): number;
  /** Undefined where there are none. */
  reasonOf(at: number): string | undefined;
}

/** Looks at every path once, and at its folders once for all of their files; what is said of a path is made when asked. */
export function findPathWords({ names, words }: Terms, paths: readonly string[]): PathWords {
  const wanted = new Set(
    [...words, ...names.flatMap(wordsOfName)].filter((word) => word.length > 2),
  );
  if (wanted.size === 0) return { worthOf: () => 0, reasonOf: () => undefined };
  const folders = new Map<string, readonly string[]>();
  const inFolder = (folder: string): readonly string[] => {
    const known = folders.get(folder) ?? among(wanted, folder);
    folders.set(folder, known);
    return known;
  };
  const inFolders = paths.map((path) =>
    inFolder(path.slice(0, Math.max(0, path.lastIndexOf("/")))),
  );
  const inName = paths.map((path) => among(wanted, nameOf(path)));
  const holders = new Map<string, number>();
  for (const found of inName)
    for (const word of found) holders.set(word, (holders.get(word) ?? 0) + 1);
  const worth = new Map(
    [...holders].map(([word, count]) => [word, WORTH.fileName * rarityOf(count, paths.length)]),
  );
  return {
    worthOf(at) {
      const folderWords = Math.min(MAX_FOLDERS, (inFolders[at] ?? NOTHING).length);
      const start = folderWords * WORTH.folderName;
      return (inName[at] ?? NOTHING).reduce((sum, word) => sum + (worth.get(word) ?? 0), start);
    },
    reasonOf(at) {
      const found = [...(inName[at] ?? NOTHING), ...(inFolders[at] ?? NOTHING)];
      if (found.length === 0) return undefined;
      return `its path has ${found.map((word) => JSON.stringify(word)).join(", ")}`;
    },
  };
}

/** The wanted words that a name is made of, each once. */
function among(wanted: ReadonlySet<string>, text: string): readonly string[] {
  let found: string[] | undefined;
  for (const word of wordsOfName(text)) {
    const meant = meantBy(word, wanted);
    if (meant === undefined || found?.includes(meant)) continue;
    // Most names hold none: a list for each of them would cost more than all else.
    found ??= [];
    found.push(meant);
  }
  return found ?? NOTHING;
}

function meantBy(word: string, wanted: ReadonlySet<string>): string | undefined {
  if (wanted.has(word)) return word;
  const one = word.endsWith("s") ? word.slice(0, -1) : undefined;
  return one !== undefined && wanted.has(one) ? one : undefined;
}

/** The last part of a path. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
