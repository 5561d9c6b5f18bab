import { constants } from "node:fs";
import { type FileHandle, lstat, open, opendir } from "node:fs/promises";

const BLOCK = 512;
/** Counting stops here: what is larger, or nested deeper, is too much by any measure. */
const MOST_ENTRIES = 2_000_000;
const DEEPEST = 200;
const AT_ONCE = 64;
// One character for each byte, so names that are no text are read right.
const NAMES = { encoding: "latin1", bufferSize: 256 } as const;
const FOLDER = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;

/**
 * Bytes that a folder takes of the disk, each file at least one block; endless when there is too much to
 * count. Commands may change it meanwhile: every folder is opened from its parent, no link is followed, and
 * what vanishes or cannot be read counts as nothing.
 */
export async function layerSize(folder: string): Promise<number> {
  const counted = { bytes: 0, entries: 0 };
  const handle = await open(folder, FOLDER);
  await count(handle, counted, 1);
  return counted.bytes;
}

interface Counted {
  bytes: number;
  entries: number;
}

async function count(folder: FileHandle, counted: Counted, depth: number): Promise<void> {
  try {
    const here = `/proc/self/fd/${folder.fd}/`;
    for await (const names of namesIn(here)) {
      counted.entries += names.length;
      if (counted.entries > MOST_ENTRIES || depth > DEEPEST) {
        counted.bytes = Number.POSITIVE_INFINITY;
        return;
      }
      const places = names.map((name) => placeOf(here, name));
      await countFolders(await foldersAmong(places, counted), counted, depth);
    }
  } finally {
    await folder.close();
  }
}

async function countFolders(places: readonly Buffer[], counted: Counted, depth: number) {
  for (const place of places) {
    if (counted.bytes === Number.POSITIVE_INFINITY) return;
    const child = await open(place, FOLDER).catch(() => undefined);
    if (child) await count(child, counted, depth + 1);
  }
}

/** A few names at a time: a command can make millions of empty files in one folder. */
async function* namesIn(place: string): AsyncGenerator<Buffer[]> {
  const folder = await opendir(place, NAMES).catch(() => undefined);
  if (!folder) return;
  let names: Buffer[] = [];
  for await (const { name } of folder) {
    names.push(Buffer.from(name, "latin1"));
    if (names.length < AT_ONCE) continue;
    yield names;
    names = [];
  }
  if (names.length > 0) yield names;
}

async function foldersAmong(places: readonly Buffer[], counted: Counted): Promise<Buffer[]> {
  const found = await Promise.all(
    places.map(async (place) => {
      const stats = await lstat(place).catch(() => undefined);
      counted.bytes += stats ? Math.max(BLOCK, stats.blocks * BLOCK) : 0;
      return stats?.isDirectory() ? place : undefined;
    }),
  );
  return found.filter((place) => place !== undefined);
}

function placeOf(folder: string, name: Buffer): Buffer {
  return Buffer.concat([Buffer.from(folder), name]);
}
