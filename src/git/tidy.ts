import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { QUARANTINE } from "./quarantine.ts";

const HOUR_MS = 3_600_000;
const OWN = new RegExp(`^(?:${QUARANTINE}|nexus-check-|nexus-[0-9a-f-]+\\.bundle$)`);
/** git's own names for what is not finished. */
const UNFINISHED = /^tmp_|^\.tmp-|\.lock$/;

/**
 * Removes what a crash left unfinished in a mirror more than an hour before `now`: quarantines, half
 * objects and packs, and locks that nobody holds. Objects and refs that are whole stay.
 */
export async function tidyMirror(gitDir: string, now: number): Promise<void> {
  const before = now - HOUR_MS;
  const objects = join(gitDir, "objects");
  const fans = (await names(objects)).map((name) => join(objects, name));
  await removeOld(gitDir, { names: OWN, before });
  for (const folder of [gitDir, objects, ...fans, ...(await folders(join(gitDir, "refs")))]) {
    await removeOld(folder, { names: UNFINISHED, before });
  }
}

async function folders(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const below = entries.filter((entry) => entry.isDirectory());
  return [folder, ...below.map((entry) => join(entry.parentPath, entry.name))];
}

async function removeOld(
  folder: string,
  { names: wanted, before }: { names: RegExp; before: number },
): Promise<void> {
  for (const name of await names(folder)) {
    if (!wanted.test(name)) continue;
    const path = join(folder, name);
    const stats = await stat(path).catch(() => undefined);
    if (stats && stats.mtimeMs < before) await rm(path, { recursive: true, force: true });
  }
}

/** Nothing for what is no folder, or not there any more. */
async function names(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
