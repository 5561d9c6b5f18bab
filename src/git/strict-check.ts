import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Git } from "./git.ts";
import { objectId } from "./names.ts";

/**
 * Checks every object that `head` has and neither `base` nor the others have as strictly as git can, `.gitmodules`
 * included. Throws `git.failed` at the first that git would not accept from a stranger.
 */
export async function checkStrictly(
  git: Git,
  gitDir: string,
  { base, others = [], head }: { base: string; others?: readonly string[]; head: string },
): Promise<void> {
  const folder = await mkdtemp(join(gitDir, "nexus-check-"));
  try {
    const known = [base, ...others].map((id) => `^${objectId(id)}\n`);
    const input = `${objectId(head)}\n${known.join("")}`;
    const args = ["pack-objects", "--quiet", "--revs", join(folder, "new")];
    const pack = objectId(await git.line(args, { gitDir, input }));
    const [from, to] = [join(folder, `new-${pack}.pack`), join(folder, "checked.idx")];
    await git.run(["index-pack", "--strict", "-o", to, from], { gitDir });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
