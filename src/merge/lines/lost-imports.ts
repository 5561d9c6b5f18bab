import type { Hunk } from "../text/merge-lines.ts";
import { splitLines } from "../text/split-lines.ts";
import { importedBy, importedNames } from "./import-lines.ts";

const word = /[\p{L}_$][\p{L}\p{N}_$]*/gu;

/**
 * Names that a line of the base imports, that one side does without, and that the merged text speaks of without such
 * a line: by words alone, for texts that no grammar reads.
 */
export function lostImports({ base, ours, theirs }: Hunk, merged: string, path: string): string[] {
  const kept = importedIn(merged, path);
  const used = wordsOf(merged);
  const words = [wordsOf(ours), wordsOf(theirs)];
  return [...importedIn(base, path)].filter(
    (name) => used.has(name) && !kept.has(name) && words.some((known) => !known.has(name)),
  );
}

function importedIn(text: string, path: string): ReadonlySet<string> {
  const lines = splitLines(text).filter((line) => importedBy(line, path) !== undefined);
  return new Set(lines.flatMap(boundNames));
}

/** The last part of each path, or the name that it gets. */
function boundNames(line: string): readonly string[] {
  const plain = line
    .replace(/^\s*from\s+\S+\s+import/, " ")
    .replaceAll(/[\p{L}\p{N}_$]+\s*(?:::|\.|\\|\sas\s)/gu, " ");
  return importedNames(plain);
}

function wordsOf(text: string): ReadonlySet<string> {
  return new Set(text.match(word));
}
