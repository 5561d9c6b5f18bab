import { randomUUID } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { NexusError } from "../core/errors.ts";
import type { Git } from "./git.ts";
import { objectId } from "./names.ts";

/** The objects of base..head, without those that others have, as a git bundle. Throws `git.failed` when there is nothing in between. */
export async function makeBundle(
  git: Git,
  gitDir: string,
  {
    base,
    head,
    without = [],
  }: { base: string; head: string; without?: readonly string[] | undefined },
): Promise<Uint8Array> {
  if (objectId(base) === objectId(head)) {
    throw new NexusError("git.failed", "There is nothing to bundle.");
  }
  // A bundle must name a ref.
  const ref = `refs/nexus/bundled/${head}`;
  await git.run(["update-ref", ref, head], { gitDir });
  const known = [base, ...without].map((commit) => `^${objectId(commit)}`);
  return (await git.run(["bundle", "create", "--quiet", "-", ref, ...known], { gitDir })).stdout;
}

/** Takes the objects of a bundle in. Throws `git.failed` when it is damaged or its base is missing. */
export async function takeBundle(git: Git, gitDir: string, bundle: Uint8Array): Promise<void> {
  const file = join(gitDir, `nexus-${randomUUID()}.bundle`);
  try {
    await writeFile(file, bundle, { mode: 0o600 });
    await git.run(["bundle", "unbundle", file], { gitDir });
  } finally {
    await rm(file, { force: true });
  }
}
