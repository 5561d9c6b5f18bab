import { closeSync, constants, fstatSync, openSync, readlinkSync, readSync } from "node:fs";
import { placeOf, type RawPath } from "../changes/raw-path.ts";

const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Bytes of a file, or why there are none. */
export type ReadBytes = { readonly bytes: Buffer } | { readonly why: string };

/**
 * Bytes of a regular file below a folder in which commands may still write; the folder's own path holds no
 * link. Where a command exchanged a folder on the way meanwhile, what was opened is not what was asked for, and
 * is not read.
 */
export function readBelow(root: string, path: RawPath, maxBytes: number): ReadBytes {
  const place = placeOf(root, path);
  return readAt(place, maxBytes, (file) => isAt(file, place));
}

/** Bytes of a regular file where nobody writes; a link is not followed. */
export function readFrozen(place: Buffer, maxBytes: number): ReadBytes {
  return readAt(place, maxBytes, () => true);
}

function readAt(place: Buffer, maxBytes: number, isRight: (file: number) => boolean): ReadBytes {
  let file: number;
  try {
    file = openSync(place, FLAGS);
  } catch {
    return { why: "not a file that can be opened" };
  }
  try {
    const stats = fstatSync(file);
    if (!stats.isFile()) return { why: "not a file" };
    if (!isRight(file)) return { why: "moved while it was read" };
    if (stats.size > maxBytes) return { why: `larger than ${maxBytes} bytes` };
    return { bytes: readAll(file, stats.size) };
  } finally {
    closeSync(file);
  }
}

// Linux tells where an open file lies. Elsewhere no engine writes below this machine's folders.
function isAt(file: number, place: Buffer): boolean {
  if (process.platform !== "linux") return true;
  return readlinkSync(`/proc/self/fd/${file}`, { encoding: "buffer" }).equals(place);
}

function readAll(file: number, size: number): Buffer {
  const bytes = Buffer.alloc(size);
  let read = 0;
  while (read < size) {
    const count = readSync(file, bytes, read, size - read, read);
    if (count === 0) break;
    read += count;
  }
  return bytes.subarray(0, read);
}
