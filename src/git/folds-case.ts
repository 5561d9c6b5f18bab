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
