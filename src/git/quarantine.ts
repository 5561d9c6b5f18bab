import { randomUUID } from "node:crypto";
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { NexusError } from "../core/errors.ts";

/** How the folders begin that a crash may leave behind in a mirror. */
export const QUARANTINE = "nexus-new-";

/** A bare repository of its own, in which objects stay until they are checked. */
export interface Quarantine extends AsyncDisposable {
  readonly gitDir: string;
  readonly objects: string;
  /** The one pack that was made here. Throws `git.failed` when there is another number of them. */
  pack(): Promise<Uint8Array>;
}

/** Makes a quarantine below a mirror; it is gone when it is disposed of. */
export async function openQuarantine(mirror: string): Promise<Quarantine> {
  const gitDir = join(mirror, `${QUARANTINE}${randomUUID()}`);
  const objects = join(gitDir, "objects");
  await mkdir(gitDir);
  await Promise.all([
    mkdir(join(objects, "pack"), { recursive: true }),
    mkdir(join(gitDir, "refs")),
    writeFile(join(gitDir, "HEAD"), "ref: refs/heads/none\n"),
    // It says which hash the ids are made with.
    copyFile(join(mirror, "config"), join(gitDir, "config")),
  ]);
  return {
    gitDir,
    objects,
    async pack() {
      const names = await readdir(join(objects, "pack"));
      const [name, ...more] = names.filter((file) => file.endsWith(".pack"));
      if (!name || more.length > 0) throw new NexusError("git.failed", "git made no single pack.");
      return readFile(join(objects, "pack", name));
    },
    [Symbol.asyncDispose]: () => rm(gitDir, { recursive: true, force: true }),
  };
}
