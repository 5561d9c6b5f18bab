import { execFile } from "node:child_process";
import { copyFile, link, lstat, mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { NexusError } from "../core/errors.ts";
import { makeGitFolder, packInto, setBranch } from "./checkout.ts";
import { createGit, type Git } from "./git.ts";
import { objectId } from "./names.ts";
import { checkObjects } from "./tree-bounds.ts";

/** Which commit becomes a layer over which one. */
export interface Delta {
  readonly gitDir: string;
  readonly from: string;
  readonly commit: string;
  /** The checkout of `from`, or the delta that makes it: its index is gone on from. Only read. */
  readonly below: string;
  /** Empty. */
  readonly folder: string;
  readonly signal?: AbortSignal;
}

/**
 * Writes what differs from the commit `from` as a folder to be laid over its checkout by an overlay: changed
 * files, deleted names as whiteouts, no folder opaque, and of `.git` what the commit needs. All of it comes
 * from git's objects. False, with nothing written, where this machine can make no whiteouts, and where a folder
 * has become a submodule: its place has to be empty, in every layer. Throws `git.failed` for more than a
 * checkout may write.
 */
export async function writeDelta(delta: Delta): Promise<boolean> {
  const { gitDir, folder, signal } = delta;
  const [from, commit] = [objectId(delta.from), objectId(delta.commit)];
  if ((await readdir(folder)).length > 0) {
    throw new NexusError("git.failed", "A delta needs an empty folder.");
  }
  // What `below` lacks is read from the repository, but only here: the container gets the new objects.
  const git = createGit({ environment: { GIT_ALTERNATE_OBJECT_DIRECTORIES: objectsOf(gitDir) } });
  const [changes, tree] = await Promise.all([
    changesOf({ ...delta, from, commit }),
    git.line(["rev-parse", "--verify", `${commit}^{tree}`], { gitDir }),
  ]);
  if (becameSubmodule(changes)) return false;
  const hidden = hiddenPaths(changes);
  const own = join(folder, ".git");
  await makeGitFolder(own, commit);
  const whiteout = join(own, "whiteout");
  if (hidden.length > 0 && !(await makeWhiteout(whiteout))) {
    await rm(own, { recursive: true });
    return false;
  }
  const ids = [commit, tree, ...changes.flatMap(newObject)].join("\n");
  const written = [
    packInto(git, { gitDir, ids: `${ids}\n`, own, signal }),
    setBranch(git, own, commit),
    checkObjects(git, { gitDir, ids: changes.flatMap(newFile), signal }).then(() =>
      writeFiles(git, delta, own),
    ),
  ];
  // Nothing writes any more when one of them has failed.
  await Promise.allSettled(written);
  await Promise.all(written);
  await hide({ folder, hidden, whiteout });
  return true;
}

/** In a folder that holds nothing else git writes exactly what differs, with all care it takes of paths. */
async function writeFiles(git: Git, delta: Delta, own: string): Promise<void> {
  const { from, commit, folder, signal } = delta;
  await copyFile(join(delta.below, ".git/index"), join(own, "index"));
  const read = ["read-tree", "-m", "-u", objectId(from), objectId(commit)];
  await git.run(read, { gitDir: own, workTree: folder, signal });
}

/** One changed entry of a tree, its path as bytes, one character each. */
interface Change {
  readonly oldMode: string;
  readonly newMode: string;
  readonly newId: string;
  readonly path: string;
}

const NONE = "000000";
const FOLDER = "040000";
const SUBMODULE = "160000";

async function changesOf({ gitDir, from, commit, signal }: Delta): Promise<Change[]> {
  const plain = ["-r", "-t", "-z", "--raw", "--no-renames", "--no-ext-diff"];
  const args = [
    "diff-tree",
    ...plain,
    "--ignore-submodules=none",
    objectId(from),
    objectId(commit),
  ];
  const { stdout } = await createGit().run(args, { gitDir, signal });
  const fields = stdout.toString("latin1").split("\0");
  const changes: Change[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [oldMode = "", newMode = "", , newId = ""] = (fields[at] ?? "").slice(1).split(" ");
    changes.push({ oldMode, newMode, newId, path: fields[at + 1] ?? "" });
  }
  return changes;
}

function newObject({ newMode, newId }: Change): string[] {
  return newMode === NONE || newMode === SUBMODULE ? [] : [newId];
}

function newFile(change: Change): string[] {
  return change.newMode === FOLDER ? [] : newObject(change);
}

function becameSubmodule(changes: readonly Change[]): boolean {
  const folders = new Set<string>();
  for (const { path, oldMode } of changes) if (oldMode === FOLDER) folders.add(path);
  return changes.some(({ path, newMode }) => newMode === SUBMODULE && folders.has(path));
}

/**
 * Where the lower names have to be hidden: a folder that is gone once, at its own name. What has something
 * of another kind in its place is hidden by that.
 */
function hiddenPaths(changes: readonly Change[]): string[] {
  const written = new Set<string>();
  for (const { path, newMode } of changes) if (newMode !== NONE) written.add(path);
  const gone = changes.filter(({ newMode }) => newMode === NONE);
  const folders = new Set<string>();
  for (const { path, oldMode } of gone) if (oldMode === FOLDER) folders.add(path);
  return gone
    .map(({ path }) => path)
    .filter((path) => !written.has(path) && !parentsOf(path).some((parent) => folders.has(parent)));
}

function parentsOf(path: string): string[] {
  const parents: string[] = [];
  for (let at = path.indexOf("/"); at !== -1; at = path.indexOf("/", at + 1))
    parents.push(path.slice(0, at));
  return parents;
}

// Since Linux 5.8 this one device may be made by anybody.
async function makeWhiteout(path: string): Promise<boolean> {
  try {
    await promisify(execFile)("mknod", [path, "c", "0", "0"], {
      env: { PATH: "/usr/bin:/bin:/usr/sbin:/sbin" },
    });
    const stats = await lstat(path);
    return stats.isCharacterDevice() && stats.rdev === 0;
  } catch {
    return false;
  }
}

interface Hiding {
  readonly folder: string;
  readonly hidden: readonly string[];
  readonly whiteout: string;
}

// All whiteouts are one inode, as the kernel itself makes them.
async function hide({ folder, hidden, whiteout }: Hiding): Promise<void> {
  for (const path of hidden) {
    for (const parent of parentsOf(path)) await makeFolder(placeOf(folder, parent));
    await link(whiteout, placeOf(folder, path));
  }
  if (hidden.length > 0) await rm(whiteout);
}

// No link on the way is followed: the commit may have brought one.
async function makeFolder(place: Buffer): Promise<void> {
  const made = await mkdir(place).then(
    () => true,
    () => false,
  );
  if (!made && !(await lstat(place)).isDirectory()) {
    throw new NexusError("git.failed", "A commit has two things under one name.");
  }
}

function placeOf(folder: string, path: string): Buffer {
  return Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(path, "latin1")]);
}

// A list with colons between, in which a quoted name may hold any character.
function objectsOf(gitDir: string): string {
  return `"${join(gitDir, "objects").replace(/["\\]/g, "\\$&")}"`;
}
