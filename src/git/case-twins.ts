import { lstat, mkdir, rmdir } from "node:fs/promises";
import { join } from "node:path";

/** Whether a folder takes two spellings of one name for one file. Leaves nothing behind. */
export async function foldsCase(folder: string): Promise<boolean> {
  const probe = join(folder, ".nexus-probe");
  await rmdir(probe).catch(() => undefined);
  await mkdir(probe);
  try {
    return await lstat(join(folder, ".NEXUS-PROBE")).then(
      () => true,
      () => false,
    );
  } finally {
    await rmdir(probe);
  }
}

/** Paths of which a folder that folds case or composes characters would make one: all of them. */
export function caseTwins(paths: readonly string[]): readonly string[] {
  const spelled = new Map<string, string>();
  const twins = new Set<string>();
  for (const path of paths) {
    const parts = path.split("/");
    for (let end = 1; end <= parts.length; end += 1) {
      const name = parts.slice(0, end).join("/");
      const folded = name.normalize("NFKC").toUpperCase().toLowerCase();
      const other = spelled.get(folded);
      if (other === undefined) spelled.set(folded, name);
      else if (other !== name) twins.add(other).add(name);
    }
  }
  return [...twins].sort();
}
