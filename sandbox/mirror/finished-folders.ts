import { randomUUID } from "node:crypto";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { isMissing } from "../changes/raw-path.ts";

/** A folder that is there, whole. */
export interface Finished {
  readonly name: string;
  readonly folder: string;
}

/** How names begin that are no finished folders. The process that made them follows. */
export const UNFINISHED = "unfinished-";

/** A new name for what this process has not finished, or has set aside. */
export function unfinishedName(process: string): string {
  return `${UNFINISHED}${process}-${randomUUID()}`;
}

/** The finished folders below a folder, taken last first. */
export async function finishedIn(root: string): Promise<Finished[]> {
  const names = (await namesIn(root)).filter((name) => !name.startsWith(UNFINISHED));
  const aged = await Promise.all(names.map((name) => withAge(root, name)));
  return aged
    .filter((one) => one !== undefined)
    .sort((a, b) => b.taken - a.taken)
    .map(({ name, folder }) => ({ name, folder }));
}

async function withAge(root: string, name: string) {
  const folder = join(root, name);
  try {
    return { name, folder, taken: (await stat(folder)).mtimeMs };
  } catch (error) {
    // Another process may have tidied it away.
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** The names in a folder; none where there is no folder. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
