import { constants } from "node:fs";
import { copyFile, lchown, mkdir, readlink, rename, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type FrozenTree, viewOf } from "../changes/frozen-tree.ts";
import { bytesOf, placeOf, type RawPath, rawOf, statAt } from "../changes/raw-path.ts";
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
    const stats = await statAt(at.workspace, path);
    if (!stats?.isDirectory() && !stats?.isFile()) continue;
    await makeParents(at, path);
    await rename(placeOf(at.workspace, path), placeOf(at.layer, path));
    kept.push(path);
  }
  return kept;
}

async function put(workspace: string, path: string, bytes: Buffer): Promise<void> {
  await mkdir(dirname(join(workspace, path)), { recursive: true });
  await writeFile(join(workspace, path), bytes);
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

async function copyTree(tree: FrozenTree, workspace: string): Promise<void> {
  for (const { path, kind, place } of await viewOf(tree).walk(() => false)) {
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
    if (path === CACHE_NAME || path === ".git") return true;
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
    await makeFolder(join(layer, bytesOf(path.slice(0, slash)).toString()), uid);
  }
}

async function makeFolder(folder: string, uid: number): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o755 });
  if (process.getuid?.() === 0) await lchown(folder, uid, uid);
}
