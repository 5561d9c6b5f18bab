import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { NexusError } from "../core/errors.ts";
import { createGit, type Git } from "./git.ts";
import { objectId } from "./names.ts";

/** Which commit becomes files, and where. */
export interface Checkout {
  readonly gitDir: string;
  readonly commit: string;
  /** Empty, or not there yet. */
  readonly folder: string;
  readonly signal?: AbortSignal;
}

const BRANCH = "work";

/** Enough for git to work in the container, nothing worth stealing: no remote, no hook, no identity. */
const CONFIG = `[core]
\trepositoryformatversion = 0
\tfilemode = true
\tbare = false
\tlogallrefupdates = true
\ttrustctime = false
\tcheckStat = minimal
`;

/** Files are the blobs byte for byte, whatever the repository's attributes wish. */
const ATTRIBUTES = "* -text !eol -ident !filter !working-tree-encoding\n";

/**
 * Writes the files of a commit with a `.git` of their own, which holds this commit only. Nothing of
 * the repository is executed: no filter, hook or submodule is known to the git that writes.
 */
export async function checkoutInto({ gitDir, commit, folder, signal }: Checkout): Promise<void> {
  const git = createGit();
  objectId(commit);
  await mkdir(folder, { recursive: true });
  if ((await readdir(folder)).length > 0) {
    throw new NexusError("git.failed", "A checkout needs an empty folder.");
  }
  const own = join(folder, ".git");
  await copyObjects(git, { gitDir, commit, folder: own, ...(signal ? { signal } : {}) });
  const how = { gitDir: own, signal };
  await git.run(["update-ref", `refs/heads/${BRANCH}`, commit], how);
  await git.run(["read-tree", "--reset", "-u", commit], { ...how, workTree: folder });
}

async function copyObjects(git: Git, { gitDir, commit, folder, signal }: Checkout): Promise<void> {
  for (const part of ["objects/pack", "objects/info", "refs/heads", "refs/tags", "info"]) {
    await mkdir(join(folder, part), { recursive: true });
  }
  await writeFile(join(folder, "HEAD"), `ref: refs/heads/${BRANCH}\n`);
  await writeFile(join(folder, "config"), CONFIG);
  await writeFile(join(folder, "info/attributes"), ATTRIBUTES);
  const list = ["rev-list", "--objects", "--no-object-names", `${commit}^{tree}`];
  const { stdout } = await git.run(list, { gitDir, signal });
  const input = `${commit}\n${stdout.toString("latin1")}`;
  const pack = ["pack-objects", "--quiet", join(folder, "objects/pack/pack")];
  await git.run(pack, { gitDir, signal, input });
  const { stdout: text } = await git.run(["cat-file", "commit", commit], { gitDir, signal });
  const header = text.subarray(0, text.indexOf("\n\n")).toString("latin1");
  // Without its parents' objects the commit has to be declared the first one.
  if (/^parent /m.test(header)) await writeFile(join(folder, "shallow"), `${commit}\n`);
}
