import type { Hunk } from "../text/merge-lines.ts";
import { splitLines } from "../text/split-lines.ts";
import { entryKeyAt, type KeyOf } from "./entry-lines.ts";
import { importedBy, importedNames } from "./import-lines.ts";
import type { HunkStage, Place } from "./stage.ts";
import { unionOfEntries } from "./union-of-entries.ts";

/** Both sides changed whole entries of something unordered: each change of either side is in the result. */
export const union: HunkStage = (hunk, at) => {
  const imports = united(hunk, at, {
    keyOf: (line) => importedBy(line, at.path),
    namesOf: importedNames,
  });
  if (imports !== undefined) return { text: imports, why: "both sides changed imports" };
  const keyOf = entryKeyAt(at);
  const entries = keyOf && united(hunk, at, { keyOf });
  if (entries === undefined) return undefined;
  return { text: entries, why: "both sides changed entries whose order is free" };
};

interface Kind {
  readonly keyOf: KeyOf;
  readonly namesOf?: (line: string) => readonly string[];
}

function united(hunk: Hunk, at: Place, kind: Kind): string | undefined {
  const before = lastEntry(at.before, kind.keyOf);
  const after = firstEntry(at.after, kind.keyOf);
  return unionOfEntries(
    {
      base: splitLines(hunk.base),
      ours: splitLines(hunk.ours),
      theirs: splitLines(hunk.theirs),
    },
    { ...kind, before, after },
  )?.join("");
}

function lastEntry(text: string | undefined, keyOf: KeyOf): string | undefined {
  const line = text === undefined ? undefined : splitLines(text.slice(-2_000)).at(-1);
  return line !== undefined && keyOf(line) !== undefined ? line : undefined;
}

function firstEntry(text: string | undefined, keyOf: KeyOf): string | undefined {
  const line = text === undefined ? undefined : splitLines(text.slice(0, 2_000))[0];
  return line !== undefined && keyOf(line) !== undefined ? line : undefined;
}
