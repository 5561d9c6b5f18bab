import { accessSync, type BigIntStats, constants, type Dir, lstatSync, opendirSync } from "node:fs";
import { setImmediate as othersTurn } from "node:timers/promises";
import { NexusError } from "../../src/core/errors.ts";
import { below, isMissing, placeOf, type RawPath } from "./raw-path.ts";

/**
 * One thing in a folder. A whiteout is the overlay's mark for a name that was deleted; sealed is a folder
 * that cannot be looked into, or what lies deeper than this machine's paths reach.
 */
export interface Entry {
  readonly path: RawPath;
  readonly kind: "file" | "link" | "folder" | "whiteout" | "sealed" | "other";
  readonly stats: BigIntStats;
}

/** Paths that a walk passes by with all that is below. */
export type Passed = (path: RawPath) => boolean;

/** Ignored build folders may be large; beyond this a change set is not what anybody meant. */
const WALK_LIMITS = { entries: 500_000, depth: 200 } as const;

// The longest path that the kernel takes, with the zero at its end.
const MAX_PLACE_BYTES = 4_096;

// Calls that do not wait are quicker by far than those that do, but others want their turn too.
const ENTRIES_A_TURN = 1_000;

/** Everything below a folder, parents before children. Links are never followed. */
export async function walk(folder: string, pass: Passed, from: RawPath = ""): Promise<Entry[]> {
  const names = namesIn(folder, from);
  return await collect(entriesBelow({ folder, pass }, { path: from, names, depth: -1 }));
}

/** Gathers a walk within its bounds, letting others work in between. Throws `sandbox.refused-path` for too much. */
export async function collect<T>(entries: Iterable<T>): Promise<T[]> {
  const found: T[] = [];
  for (const entry of entries) {
    found.push(entry);
    if (found.length > WALK_LIMITS.entries)
      throw tooMuch(`more than ${WALK_LIMITS.entries} entries`);
    if (found.length % ENTRIES_A_TURN === 0) await othersTurn();
  }
  return found;
}

/**
 * The names in a folder; none where there is no folder. Throws where it cannot be read, and
 * `sandbox.refused-path` for more of them than a walk takes: a command can make millions of empty files.
 */
export function namesIn(folder: string, path: RawPath): RawPath[] {
  try {
    return boundedNames(opendirSync(placeOf(folder, path), READ_NAMES));
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

// A raw path is one character per byte, which is what this encoding makes of a name.
const READ_NAMES = { encoding: "latin1", bufferSize: 1_024 } as const;

function boundedNames(opened: Dir): RawPath[] {
  try {
    const names: RawPath[] = [];
    for (let entry = opened.readSync(); entry; entry = opened.readSync()) {
      names.push(entry.name);
      if (names.length > WALK_LIMITS.entries)
        throw tooMuch(`more than ${WALK_LIMITS.entries} entries in one folder`);
    }
    return names;
  } finally {
    opened.closeSync();
  }
}

/** What kind of thing the file system says it is. */
export function kindOf(stats: BigIntStats): Exclude<Entry["kind"], "sealed"> {
  if (stats.isDirectory()) return "folder";
  if (stats.isFile()) return "file";
  if (stats.isSymbolicLink()) return "link";
  return stats.isCharacterDevice() && stats.rdev === 0n ? "whiteout" : "other";
}

interface Walk {
  readonly folder: string;
  readonly pass: Passed;
}

interface Folder {
  readonly path: RawPath;
  readonly names: readonly RawPath[];
  readonly depth: number;
}

function* entriesBelow(at: Walk, folder: Folder): Generator<Entry> {
  const depth = folder.depth + 1;
  if (depth > WALK_LIMITS.depth) throw tooMuch(`folders nested deeper than ${WALK_LIMITS.depth}`);
  for (const name of folder.names) {
    const path = below(folder.path, name);
    const stats = at.pass(path) ? undefined : statsAt(at.folder, path);
    if (!stats) continue;
    const kind = kindOf(stats);
    const names = kind === "folder" ? readable(at.folder, path) : [];
    yield { path, kind: names ? kind : "sealed", stats };
    if (names) yield* entriesBelow(at, { path, names, depth });
  }
}

function statsAt(folder: string, path: RawPath): BigIntStats | undefined {
  return lstatSync(placeOf(folder, path), { bigint: true, throwIfNoEntry: false });
}

/** The names in a folder; undefined where this process may not look, or what is in it has too long a path. */
function readable(folder: string, path: RawPath): RawPath[] | undefined {
  try {
    const place = placeOf(folder, path);
    accessSync(place, constants.R_OK | constants.X_OK);
    const names = namesIn(folder, path);
    const longest = MAX_PLACE_BYTES - place.length - 2;
    return names.every((name) => name.length <= longest) ? names : undefined;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EACCES") return undefined;
    if (isMissing(error)) return [];
    throw error;
  }
}

function tooMuch(what: string): NexusError {
  return new NexusError("sandbox.refused-path", `The workspace holds ${what}.`, {
    hint: "Remove what was built before the change is read.",
    paths: [{ path: ".", why: what }],
  });
}
