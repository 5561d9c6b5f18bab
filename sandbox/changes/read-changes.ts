import type { BigIntStats } from "node:fs";
import { constants } from "node:fs";
import { open, readlink } from "node:fs/promises";
import type { Edit } from "../../src/core/change-set.ts";
import type { Difference } from "../mirror/mirror.ts";
import { carriedPath, checkLink, refused } from "./path-rules.ts";
import { placeOf, type RawPath, rawOf, statAt } from "./raw-path.ts";
import { type Entry, kindOf } from "./walk.ts";

/** What one change set may hold. */
export interface ChangeLimits {
  readonly files: number;
  readonly bytes: number;
  readonly fileBytes: number;
}

/** More than a person would look through, less than what would hurt. */
export const CHANGE_LIMITS: ChangeLimits = {
  files: 20_000,
  bytes: 200 * 1024 * 1024,
  fileBytes: 100 * 1024 * 1024,
};

/** Which of these paths git would not track, by the rules of the repository. */
type IgnoredPaths = (paths: readonly RawPath[]) => Promise<ReadonlySet<RawPath>>;

/** What is needed to tell a change from what only looks like one. */
export interface ChangeReading {
  readonly base: string;
  readonly ignored: IgnoredPaths;
  /** After the last question to the container, before the first byte is read. */
  readonly freeze: () => Promise<void>;
  readonly limits: ChangeLimits;
}

type Write = Extract<Edit, { kind: "write" }>;

/**
 * Real changes only: what git ignores is left out unless the commit carries it already, and same bytes in
 * the same mode are no change. Deletions come first, so that a folder can take the place of a file.
 */
export async function readChanges(difference: Difference, reading: ChangeReading): Promise<Edit[]> {
  const before = new Map<RawPath, BigIntStats>();
  for (const { path } of difference.touched) {
    const stats = await statAt(reading.base, path);
    if (stats && kindOf(stats) !== "folder") before.set(path, stats);
  }
  const unknown = difference.touched.map(({ path }) => path).filter((path) => !before.has(path));
  const ignored = unknown.length > 0 ? await reading.ignored(unknown) : new Set<RawPath>();
  await reading.freeze();
  const kept = difference.touched.filter(({ path }) => !ignored.has(path));
  if (kept.length + difference.gone.size > reading.limits.files) {
    throw refused(".", `more than ${reading.limits.files} changed files`);
  }
  const written = new Set(kept.map(({ path }) => path));
  const deletes = [...difference.gone]
    .filter((path) => !written.has(path))
    .map((path): Edit => ({ kind: "delete", path: carriedPath(path) }));
  const writes = await readWrites({ difference, kept, before, reading });
  return [...deletes.sort(byPath), ...writes.sort(byPath)];
}

interface Candidates {
  readonly difference: Difference;
  readonly kept: readonly Entry[];
  readonly before: ReadonlyMap<RawPath, BigIntStats>;
  readonly reading: ChangeReading;
}

async function readWrites({ difference, kept, before, reading }: Candidates): Promise<Edit[]> {
  const writes: Edit[] = [];
  let bytes = 0;
  for (const entry of kept) {
    const write = await readEntry(difference.folder, entry, reading.limits);
    const was = before.get(entry.path);
    if (was && (await isSame({ write, was, base: reading.base, path: entry.path }))) continue;
    bytes += write.content.length;
    if (bytes > reading.limits.bytes) {
      throw refused(".", `more than ${reading.limits.bytes} bytes in changed files`);
    }
    writes.push(write);
  }
  return writes;
}

async function readEntry(folder: string, entry: Entry, limits: ChangeLimits): Promise<Write> {
  const path = carriedPath(entry.path);
  const place = placeOf(folder, entry.path);
  if (entry.kind === "link") {
    const target = await readlink(place, { encoding: "buffer" });
    checkLink(path, rawOf(target));
    return { kind: "write", path, mode: "120000", content: target };
  }
  if (entry.kind !== "file") throw refused(path, "neither a file nor a link nor a folder");
  const { content, executable } = await readRegular({ place, path, maxBytes: limits.fileBytes });
  return { kind: "write", path, mode: executable ? "100755" : "100644", content };
}

// Opened without following a link or waiting for a writer, and looked at again once open.
async function readRegular(at: { place: Buffer; path: string; maxBytes: number }) {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await open(at.place, flags).catch(() => {
    throw refused(at.path, "a file that cannot be read");
  });
  await using _closing = file;
  const stats = await file.stat();
  if (!stats.isFile()) throw refused(at.path, "neither a file nor a link nor a folder");
  if (stats.size > at.maxBytes) throw refused(at.path, `larger than ${at.maxBytes} bytes`);
  return { content: await file.readFile(), executable: (stats.mode & 0o100) !== 0 };
}

interface Pair {
  readonly write: Write;
  readonly was: BigIntStats;
  readonly base: string;
  readonly path: RawPath;
}

async function isSame({ write, was, base, path }: Pair): Promise<boolean> {
  const place = placeOf(base, path);
  if (write.mode === "120000") {
    if (!was.isSymbolicLink()) return false;
    return (await readlink(place, { encoding: "buffer" })).equals(write.content);
  }
  const executable = (was.mode & 0o100n) !== 0n;
  if (!was.isFile() || executable !== (write.mode === "100755")) return false;
  if (was.size !== BigInt(write.content.length)) return false;
  const before = await readRegular({ place, path: write.path, maxBytes: write.content.length });
  return before.content.equals(write.content);
}

function byPath(a: Edit, b: Edit): number {
  return a.path < b.path ? -1 : Number(a.path > b.path);
}
