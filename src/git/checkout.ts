import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { NexusError } from "../core/errors.ts";
import { createGit, type Git } from "./git.ts";
import { objectId } from "./names.ts";
import { checkTree, type TreeBounds } from "./tree-bounds.ts";

/** Which commit becomes files, and where. */
export interface Checkout {
  readonly gitDir: string;
  readonly commit: string;
  /** Empty, or not there yet. */
  readonly folder: string;
  /** A million entries, 20 GB, unless said otherwise. */
  readonly bounds?: TreeBounds;
  readonly signal?: AbortSignal;
}

const BRANCH = "work";

/** Long enough for a large tree on a slow disk: files are written one by one. */
const WRITING_MS = 1_200_000;

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
 * the repository is executed: no filter, hook or submodule is known to the git that writes. Throws `git.failed`
 * before anything is written where a commit is larger than its bounds: a small repository can name much.
 */
export async function checkoutInto(checkout: Checkout): Promise<void> {
  const { gitDir, commit, folder, bounds, signal } = checkout;
  const git = createGit();
  objectId(commit);
  await mkdir(folder, { recursive: true });
  if ((await readdir(folder)).length > 0) {
    throw new NexusError("git.failed", "A checkout needs an empty folder.");
  }
  await checkTree(git, { gitDir, commit, bounds, signal });
  const own = join(folder, ".git");
  await makeGitFolder(own, commit);
  const list = ["rev-list", "--objects", "--no-object-names", `${commit}^{tree}`];
  const { stdout } = await git.run(list, { gitDir, signal });
  const ids = `${commit}\n${stdout.toString("latin1")}`;
  await packInto(git, { gitDir, ids, own, signal });
  await setBranch(git, own, commit);
  const read = ["read-tree", "--reset", "-u", commit];
  await git.run(read, { gitDir: own, workTree: folder, signal, deadlineMs: WRITING_MS });
}

/** Makes the `.git` of a checkout that will know this one commit, still without objects and index. */
export async function makeGitFolder(own: string, commit: string): Promise<void> {
  for (const part of ["objects/pack", "objects/info", "refs/heads", "refs/tags", "info"]) {
    await mkdir(join(own, part), { recursive: true });
  }
  await writeFile(join(own, "HEAD"), `ref: refs/heads/${BRANCH}\n`);
  await writeFile(join(own, "config"), CONFIG);
  await writeFile(join(own, "info/attributes"), ATTRIBUTES);
  // Without its parents' objects the commit has to be declared the first one.
  await writeFile(join(own, "shallow"), `${commit}\n`);
}

/** Points the one branch of a checkout's `.git` at its commit, whose object must be there. */
export async function setBranch(git: Git, own: string, commit: string): Promise<void> {
  await git.run(["update-ref", `refs/heads/${BRANCH}`, commit], { gitDir: own });
}

/** Which objects go into a `.git`, one id a line. */
interface Packing {
  readonly gitDir: string;
  readonly ids: string;
  readonly own: string;
  readonly signal?: AbortSignal | undefined;
}

/** Copies objects into a checkout's `.git`, where they lie as one pack. */
export async function packInto(git: Git, { gitDir, ids, own, signal }: Packing): Promise<void> {
  // What is packed well already is taken as it is; the rest is not worth the search for likeness.
  const pack = ["pack-objects", "--quiet", "--window=0", join(own, "objects/pack/pack")];
  // git writes into its own object folder first and renames then, which it cannot from one disk to another.
  const places = { gitDir, objects: join(own, "objects"), alsoReads: join(gitDir, "objects") };
  await git.run(pack, { ...places, signal, input: ids, deadlineMs: WRITING_MS });
}
