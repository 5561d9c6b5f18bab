import type { BigIntStats } from "node:fs";
import { lstat } from "node:fs/promises";

/**
 * A path below a folder as its bytes, one character per byte: names that are not UTF-8 stay what they are,
 * and two names are equal only if their bytes are.
 */
export type RawPath = string;

/** The bytes of a raw path. */
export function bytesOf(path: RawPath): Buffer {
  return Buffer.from(path, "latin1");
}

/** The raw path that these bytes spell. */
export function rawOf(bytes: Buffer): RawPath {
  return bytes.toString("latin1");
}

/** Where a raw path below a folder lies on this machine. */
export function placeOf(folder: string, path: RawPath): Buffer {
  return path === ""
    ? Buffer.from(folder)
    : Buffer.concat([Buffer.from(`${folder}/`), bytesOf(path)]);
}

/** The path with one more name at its end. */
export function below(path: RawPath, name: RawPath): RawPath {
  return path === "" ? name : `${path}/${name}`;
}

/** The folder that a path lies in; "" for one at the top. */
export function parentOf(path: RawPath): RawPath {
  return path.slice(0, Math.max(path.lastIndexOf("/"), 0));
}

/**
 * What lies at a path; undefined where nothing does. Links are never followed, nor are those on the way:
 * a commit may hold a link to a folder of this machine.
 */
export async function statAt(folder: string, path: RawPath): Promise<BigIntStats | undefined> {
  for (let slash = path.indexOf("/"); slash !== -1; slash = path.indexOf("/", slash + 1)) {
    const parent = await statOf(placeOf(folder, path.slice(0, slash)));
    if (!parent?.isDirectory()) return undefined;
  }
  return statOf(placeOf(folder, path));
}

async function statOf(place: Buffer): Promise<BigIntStats | undefined> {
  try {
    return await lstat(place, { bigint: true });
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** True for errors that only say that nothing is there. */
export function isMissing(error: unknown): boolean {
  return (
    error instanceof Error &&
    "code" in error &&
    (error.code === "ENOENT" || error.code === "ENOTDIR")
  );
}
