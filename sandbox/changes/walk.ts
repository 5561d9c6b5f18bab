import type { BigIntStats } from "node:fs";
import { readdir } from "node:fs/promises";
import { NexusError } from "../../src/core/errors.ts";
import { below, isMissing, placeOf, type RawPath, rawOf, statAt } from "./raw-path.ts";

/** One thing in a folder. A whiteout is the overlay's mark for a name that was deleted. */
export interface Entry {
  readonly path: RawPath;
  readonly kind: "file" | "link" | "folder" | "whiteout" | "other";
  readonly stats: BigIntStats;
}

/** Paths that a walk passes by with all that is below. */
export type Passed = (path: RawPath) => boolean;

// Ignored build folders may be large; beyond this a change set is not what anybody meant.
const MAX_ENTRIES = 500_000;
const MAX_DEPTH = 200;

/** Everything below a folder, parents before children. Links are never followed. */
export async function walk(folder: string, pass: Passed, from: RawPath = ""): Promise<Entry[]> {
  const found: Entry[] = [];
  const waiting = [{ path: from, depth: 0 }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if (next.depth > MAX_DEPTH) throw tooMuch(`folders nested deeper than ${MAX_DEPTH}`);
    const entries = await entriesOf({ folder, parent: next.path, pass });
    const depth = next.depth + 1;
    const folders = entries.filter((entry) => entry.kind === "folder");
    waiting.push(...folders.map(({ path }) => ({ path, depth })));
    found.push(...entries);
    if (found.length > MAX_ENTRIES) throw tooMuch(`more than ${MAX_ENTRIES} entries`);
  }
  return found;
}

/** The names in a folder; none where there is no folder. */
export async function namesIn(folder: string, path: RawPath): Promise<RawPath[]> {
  try {
    return (await readdir(placeOf(folder, path), { encoding: "buffer" })).map(rawOf);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

async function entriesOf(at: { folder: string; parent: RawPath; pass: Passed }): Promise<Entry[]> {
  const names = await namesIn(at.folder, at.parent);
  const paths = names.map((name) => below(at.parent, name)).filter((path) => !at.pass(path));
  const entries = await Promise.all(
    paths.map(async (path) => {
      const stats = await statAt(at.folder, path);
      return stats && { path, kind: kindOf(stats), stats };
    }),
  );
  return entries.filter((entry) => entry !== undefined);
}

/** What kind of thing the file system says it is. */
export function kindOf(stats: BigIntStats): Entry["kind"] {
  if (stats.isDirectory()) return "folder";
  if (stats.isFile()) return "file";
  if (stats.isSymbolicLink()) return "link";
  return stats.isCharacterDevice() && stats.rdev === 0n ? "whiteout" : "other";
}

function tooMuch(what: string): NexusError {
  return new NexusError("sandbox.refused-path", `The workspace holds ${what}.`);
}
