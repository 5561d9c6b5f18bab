import { randomUUID } from "node:crypto";
import { lstat, open, realpath, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { reasonOf } from "./read-side.ts";

/**
 * Replaces a file by this content as a whole, or leaves it as it is; its permissions stay, and a link stays a link.
 * Throws an `Error` of one line where it cannot.
 */
export async function writeWhole(path: string, content: Uint8Array): Promise<void> {
  let fresh: string | undefined;
  try {
    const place = await realpath(path).catch(() => path);
    const before = await lstat(place).catch(() => undefined);
    if (before && !before.isFile()) throw new Error("it is no plain file");
    fresh = join(dirname(place), `.${basename(place)}.${randomUUID()}`);
    await using file = await open(fresh, "wx", 0o666);
    await file.writeFile(content);
    if (before) await file.chmod(before.mode & 0o7777);
    await rename(fresh, place);
  } catch (cause) {
    if (fresh !== undefined) await rm(fresh, { force: true });
    throw new Error(`${path} cannot be written: ${reasonOf(cause)}`, { cause });
  }
}
