import { closeSync, constants, fstatSync, openSync, readlinkSync, readSync } from "node:fs";
import type { Touched } from "./difference.ts";
import type { FrozenEntry } from "./frozen-tree.ts";

/** What git would keep of a written thing. */
export interface Content {
  readonly mode: "100644" | "100755" | "120000";
  readonly content: Buffer;
}

/** Why something is not carried. */
export interface NotCarried {
  readonly why: string;
}

const CHUNK = 1024 * 1024;
// A FIFO in its place would be waited for, a link followed.
const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * Bytes and mode of a written thing; undefined where the commit has the same already, whatever its size or
 * times. Special files are never opened, and what is no longer what was listed is not read.
 */
export function contentOf(
  entry: Touched,
  was: FrozenEntry | undefined,
  maxBytes: number,
): Content | NotCarried | undefined {
  if (entry.kind === "link") return linkContent(entry, was);
  if (entry.kind !== "file") return { why: kindName(entry) };
  if ((entry.stats.mode & 0o400n) === 0n) return { why: "a file that its owner may not read" };
  const mode = isExecutable(entry.stats) ? "100755" : "100644";
  const same = was?.kind === "file" && isExecutable(was.stats) === isExecutable(entry.stats);
  const twin = same && was.stats.size === entry.stats.size ? was : undefined;
  if (entry.stats.size > maxBytes && !twin) return { why: `larger than ${maxBytes} bytes` };
  try {
    return readFile(entry, { mode, twin, maxBytes });
  } catch {
    return { why: "a file that cannot be read" };
  }
}

interface Reading {
  readonly mode: Content["mode"];
  /** What it may be equal to. */
  readonly twin: FrozenEntry | undefined;
  readonly maxBytes: number;
}

function readFile(entry: Touched, { mode, twin, maxBytes }: Reading) {
  const file = openSync(entry.place, FLAGS);
  try {
    const now = fstatSync(file, { bigint: true });
    if (!now.isFile() || now.ino !== entry.stats.ino || now.size !== entry.stats.size) {
      return { why: "changed while it was read" };
    }
    if (twin && isSame(file, twin, Number(now.size))) return undefined;
    if (now.size > maxBytes) return { why: `larger than ${maxBytes} bytes` };
    return { mode, content: readAt(file, 0, Number(now.size)) };
  } finally {
    closeSync(file);
  }
}

/** Compares piece by piece: files that only were touched may be of any size. */
function isSame(file: number, twin: FrozenEntry, size: number): boolean {
  const other = openSync(twin.place, FLAGS);
  try {
    for (let at = 0; at < size; at += CHUNK) {
      const length = Math.min(CHUNK, size - at);
      if (!readAt(file, at, length).equals(readAt(other, at, length))) return false;
    }
    return true;
  } finally {
    closeSync(other);
  }
}

function readAt(file: number, from: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  let read = 0;
  while (read < length) {
    const count = readSync(file, bytes, read, length - read, from + read);
    if (count === 0) throw new Error("The file is shorter than it was.");
    read += count;
  }
  return bytes;
}

function linkContent(entry: Touched, was: FrozenEntry | undefined): Content | undefined {
  const content = readlinkSync(entry.place, { encoding: "buffer" });
  const same =
    was?.kind === "link" && readlinkSync(was.place, { encoding: "buffer" }).equals(content);
  return same ? undefined : { mode: "120000", content };
}

// Git looks at the owner's bit only; every other bit, setuid too, is dropped.
function isExecutable(stats: { readonly mode: bigint }): boolean {
  return (stats.mode & 0o100n) !== 0n;
}

function kindName({ kind, stats }: Touched): string {
  if (kind === "sealed") return "a folder that its owner may not look into, or that lies too deep";
  if (stats.isFIFO()) return "a FIFO, not a file";
  if (stats.isSocket()) return "a socket, not a file";
  return "a device, not a file";
}
