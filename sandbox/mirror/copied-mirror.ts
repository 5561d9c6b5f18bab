import { constants, mkdirSync } from "node:fs";
import { copyFile, lutimes, mkdir, readlink, symlink } from "node:fs/promises";
import { join } from "node:path";
import type Docker from "dockerode";
import { type Difference, touchedIn } from "../changes/difference.ts";
import { type FrozenAt, type FrozenTree, viewOf } from "../changes/frozen-tree.ts";
import { placeOf, type RawPath } from "../changes/raw-path.ts";
import { type Entry, walk } from "../changes/walk.ts";
import type { Mirror, MirrorParts } from "./mirror.ts";
import { own } from "./ownership.ts";

// As many as file system calls run beside one another.
const AT_ONCE = 8;

/**
 * A mirror for engines without overlay volumes: a plain copy, so its cost grows with the repository. What
 * was written is told by the change time, which no command can set.
 */
export async function makeCopiedMirror(parts: MirrorParts, uid: number): Promise<Mirror> {
  const copy = join(parts.folder, "copy");
  await copyTree({ folders: [...parts.layers, ...parts.tree.folders] }, copy);
  await own(copy, uid);
  const before = await walk(copy, parts.pass);
  return {
    mount: { Type: "bind", Source: copy, Target: "/workspace" } as Docker.MountSettings,
    async difference() {
      const after = await walk(copy, parts.pass);
      const changed = changedSince(before, after);
      return { ...lostOf(parts.tree, { before, after }), touched: touchedIn(copy, changed) };
    },
    remove: async () => undefined,
  };
}

/** Writes what a stack of frozen folders shows into a new folder; the bytes are shared where the file system can. */
export async function copyTree(tree: FrozenTree, target: string): Promise<void> {
  await mkdir(target, { recursive: true });
  // One walk for all who copy: each takes the next. Folders are made at once, before what is in them.
  const rest = viewOf(tree)
    .entries(() => false)
    [Symbol.iterator]();
  const copyOn = async () => {
    for (let next = rest.next(); !next.done; next = rest.next())
      await copyEntry(next.value, placeOf(target, next.value.path));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, copyOn));
}

// git takes a file whose time is another for changed until it has looked.
async function copyEntry({ kind, place, stats }: FrozenAt, to: Buffer): Promise<void> {
  if (kind === "folder") mkdirSync(to);
  if (kind === "folder" || kind === "other") return;
  if (kind === "link") await symlink(await readlink(place, { encoding: "buffer" }), to);
  else await copyFile(place, to, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
  const modified = Number(stats.mtimeMs) / 1000;
  await lutimes(to, modified, modified);
}

function changedSince(before: readonly Entry[], after: readonly Entry[]): Entry[] {
  const known = new Map(before.map((entry) => [entry.path, entry]));
  return after.filter((entry) => !isSame(known.get(entry.path), entry));
}

function isSame(before: Entry | undefined, after: Entry): boolean {
  return (
    before !== undefined &&
    before.stats.ino === after.stats.ino &&
    before.stats.ctimeNs === after.stats.ctimeNs &&
    before.stats.size === after.stats.size &&
    before.stats.mode === after.stats.mode
  );
}

type KindAt = Pick<Entry, "path" | "kind">;

/** What of the commit was there before and is not any more: files, links, and the empty folders of submodules. */
export function lostOf(
  tree: FrozenTree,
  { before, after }: { before: readonly KindAt[]; after: readonly KindAt[] },
): Pick<Difference, "before" | "gone"> {
  const view = viewOf(tree);
  const folders = new Set<RawPath>();
  const files = new Set<RawPath>();
  for (const { path, kind } of after) (kind === "folder" ? folders : files).add(path);
  const isLost = ({ path, kind }: KindAt) =>
    kind === "folder"
      ? !folders.has(path) && view.isHollow(path)
      : !files.has(path) && view.at(path) !== undefined;
  const gone = async () => new Set(before.filter(isLost).map(({ path }) => path));
  return { before: view, gone };
}
