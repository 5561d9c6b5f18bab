import { randomUUID } from "node:crypto";
import { mkdir, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";

/** Folders that are made once under a name and never written again. */
export interface FrozenFolders {
  /** The folder of this name; `fill` makes its content if nobody has yet. Callers at the same time share one making. */
  take(name: string, fill: (folder: string) => Promise<void>): Promise<string>;
  /** Removes what was left half-made, and all but the most recently taken. Only while nothing is in use. */
  tidy(keep: number): Promise<void>;
}

const UNFINISHED = "unfinished-";

/** Keeps frozen folders below one folder. A crash leaves a folder whole or not at all. */
export function keepFrozenFolders(root: string): FrozenFolders {
  const making = new Map<string, Promise<string>>();

  async function make(name: string, fill: (folder: string) => Promise<void>): Promise<string> {
    const folder = join(root, name);
    if (await exists(folder)) {
      const now = new Date();
      await utimes(folder, now, now);
      return folder;
    }
    const unfinished = join(root, `${UNFINISHED}${randomUUID()}`);
    await mkdir(unfinished, { recursive: true });
    try {
      await fill(unfinished);
      // Another process may have been quicker; its folder has the same content.
      await rename(unfinished, folder).catch(async (error: unknown) => {
        if (!(await exists(folder))) throw error;
      });
    } finally {
      await rm(unfinished, { recursive: true, force: true });
    }
    return folder;
  }

  return {
    take(name, fill) {
      const running = making.get(name);
      if (running) return running;
      const made = make(name, fill).finally(() => making.delete(name));
      making.set(name, made);
      return made;
    },
    async tidy(keep) {
      await mkdir(root, { recursive: true });
      const names = await readdir(root);
      const aged = await Promise.all(
        names.map(async (name) => ({ name, taken: (await stat(join(root, name))).mtimeMs })),
      );
      const finished = aged.filter(({ name }) => !name.startsWith(UNFINISHED));
      const old = finished.sort((a, b) => b.taken - a.taken).slice(keep);
      const unfinished = aged.filter(({ name }) => name.startsWith(UNFINISHED));
      for (const { name } of [...old, ...unfinished]) {
        await rm(join(root, name), { recursive: true, force: true });
      }
    },
  };
}

async function exists(folder: string): Promise<boolean> {
  return stat(folder).then(
    () => true,
    () => false,
  );
}
