import { constants } from "node:fs";
import { copyFile, lchown, mkdir, open, readlink, rename, symlink } from "node:fs/promises";
import { join } from "node:path";
import { NexusError } from "../../src/core/errors.ts";
import { type FrozenTree, viewOf } from "../changes/frozen-tree.ts";
import { parentOf, placeOf, type RawPath, rawOf, statAt } from "../changes/raw-path.ts";
import { walk } from "../changes/walk.ts";
import { MANIFESTS, type SetUpPlan } from "./set-up-plan.ts";
import { CACHE } from "./stacks/stack.ts";
import { treeFilesOf } from "./tree-files.ts";

const CACHE_NAME = CACHE.slice("/workspace/".length);

/** What of a set-up's workspace is to be kept, once nothing runs in it any more. */
export type KeptPaths = (workspace: string) => Promise<readonly RawPath[]>;

/**
 * Fills the empty workspace of a set-up: with manifests and lockfiles alone where the stacks say what to do,
 * with a copy of the source for the repository's own commands.
 */
export async function fillWorkspace(
  workspace: string,
  plan: SetUpPlan,
  tree: FrozenTree,
): Promise<KeptPaths> {
  await mkdir(join(workspace, CACHE_NAME), { recursive: true });
  if (plan.source) return await fillWithSource(workspace, plan.source, tree);
  for (const { files, stubs = [] } of plan.stacks) {
    for (const path of stubs) await put(workspace, path, Buffer.alloc(0));
    for (const [path, bytes] of files) await put(workspace, path, bytes);
  }
  const layers = plan.stacks.flatMap((stack) =>
    stack.layers.map((path) => rawOf(Buffer.from(path))),
  );
  return async () => layers;
}

/** Moves what is kept into a layer that holds nothing else; the paths that were there. */
export async function keepPaths(
  at: { readonly workspace: string; readonly layer: string; readonly uid: number },
  paths: readonly RawPath[],
): Promise<RawPath[]> {
  const kept: RawPath[] = [];
  await makeFolder(at.layer, at.uid);
  for (const path of paths) {
    // Links on the way are not followed: commands may have made them.
    if (!isPlain(path)) continue;
    const stats = await statAt(at.workspace, path);
    if (!stats?.isDirectory() && !stats?.isFile()) continue;
    await makeParents(at, path);
    await rename(placeOf(at.workspace, path), placeOf(at.layer, path));
    kept.push(path);
  }
  return kept;
}

const FRESH = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW;

/** Writes what a manifest asked for, into the workspace and nowhere else. Throws `sandbox.setup-failed` for other places. */
async function put(workspace: string, path: string, bytes: Buffer): Promise<void> {
  const raw = rawOf(Buffer.from(path));
  if (!isPlain(raw) || raw.split("/")[0] === CACHE_NAME) throw outOfPlace(path);
  await makeWay(workspace, parentOf(raw), path);
  const before = await statAt(workspace, raw);
  if (before && !before.isFile()) throw outOfPlace(path);
  await using file = await open(placeOf(workspace, raw), FRESH, 0o644);
  await file.writeFile(bytes);
}

async function makeWay(workspace: string, folder: RawPath, path: string): Promise<void> {
  if (folder === "") return;
  const before = await statAt(workspace, folder);
  if (before?.isDirectory()) return;
  if (before) throw outOfPlace(path);
  await makeWay(workspace, parentOf(folder), path);
  await mkdir(placeOf(workspace, folder));
}

/** True for a path that can only lead to something below the folder it is joined to. */
function isPlain(path: RawPath): boolean {
  const isName = (name: string) => name !== "" && name !== "." && name !== "..";
  return !path.includes("\0") && path.split("/").every(isName);
}

function outOfPlace(path: string): NexusError {
  const shown = JSON.stringify(path.length > 200 ? `${path.slice(0, 200)}…` : path);
  return new NexusError("sandbox.setup-failed", `A set-up can have no file ${shown}.`, {
    hint: "Does a manifest name a member outside of the repository, or in the place of a file?",
  });
}

async function fillWithSource(
  workspace: string,
  source: NonNullable<SetUpPlan["source"]>,
  tree: FrozenTree,
): Promise<KeptPaths> {
  const { tree: from, release } = await source.take();
  try {
    await copyTree(from, workspace);
  } finally {
    await release();
  }
  const files = treeFilesOf(tree);
  for (const path of MANIFESTS) {
    const bytes = files.bytes(path);
    const before = await statAt(workspace, path);
    if (bytes !== undefined && (before === undefined || before.isFile()))
      await put(workspace, path, bytes);
  }
  const before = new Set((await walk(workspace, () => false)).map(({ path }) => path));
  return (after) => newPaths(after, before);
}

// This folder is the set-up's own: nothing of a commit may lie where certificates are put and caches grow.
const isCache = (path: RawPath) => path === CACHE_NAME;

async function copyTree(tree: FrozenTree, workspace: string): Promise<void> {
  for (const { path, kind, place } of await viewOf(tree).walk(isCache)) {
    const target = placeOf(workspace, path);
    if (kind === "folder") await mkdir(target, { recursive: true });
    else if (kind === "link") await symlink(await readlink(place, { encoding: "buffer" }), target);
    else if (kind === "file") await copyFile(place, target, constants.COPYFILE_FICLONE);
  }
}

/** What commands have added, each folder as a whole. */
async function newPaths(workspace: string, before: ReadonlySet<RawPath>): Promise<RawPath[]> {
  const found: RawPath[] = [];
  await walk(workspace, (path) => {
    if (isCache(path) || path === ".git") return true;
    if (before.has(path)) return false;
    found.push(path);
    return true;
  });
  return found;
}

// Over the commit a folder shows the owner that it has in the layer.
async function makeParents(
  { layer, uid }: { readonly layer: string; readonly uid: number },
  path: RawPath,
): Promise<void> {
  for (let slash = path.indexOf("/"); slash !== -1; slash = path.indexOf("/", slash + 1)) {
    await makeFolder(placeOf(layer, path.slice(0, slash)), uid);
  }
}

async function makeFolder(folder: string | Buffer, uid: number): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o755 });
  if (process.getuid?.() === 0) await lchown(folder, uid, uid);
}
