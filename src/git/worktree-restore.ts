import { lstat, readdir, readFile, readlink, rmdir, unlink } from "node:fs/promises";
import { objectHash } from "./fast-import.ts";
import type { Git } from "./git.ts";

const GONE = "000000";
const LINK = "120000";
const SUBMODULE = "160000";

/** A folder, and how git is told to work in it. */
export interface WorktreeSite {
  readonly git: Git;
  readonly folder: string;
  /** Places of a git process: records, objects and the folder itself. */
  readonly how: { readonly gitDir: string; readonly objects: string; readonly workTree: string };
}

interface Entry {
  readonly mode: string;
  readonly id: string;
}

/** One path between two commits. The path is bytes, one character each. */
interface Change {
  readonly path: string;
  readonly old: Entry;
  readonly new: Entry;
}

/** `ours` may be replaced: the old or new file, or the beginning of one. `foreign` is a person's. */
type Found = "ours" | "gone" | "foreign";

/** Paths of a move that hold what neither commit does: edited files, and others in the way. */
export async function foreignPaths(site: WorktreeSite, move: Move): Promise<readonly string[]> {
  const { foreign } = await look(site, await changesOf(site, move));
  return foreign.map(({ path }) => Buffer.from(path, "latin1").toString("utf8"));
}

interface Move {
  readonly from: string;
  readonly to: string;
}

/**
 * Brings a move that was cut off to one of its ends and returns that end: forward, unless `back` is
 * wanted or a person's file is in the way. Touches only paths of the move, and no person's file.
 */
export async function restore(
  site: WorktreeSite,
  { from, to, back }: Move & { readonly back: boolean },
): Promise<string> {
  const { git, how } = site;
  const { ours, foreign } = await look(site, await changesOf(site, { from, to }));
  // Alone, this is about the index only; what git thinks of other files stays.
  await git.run(["read-tree", "-m", from], how);
  await clear(site, ours);
  if (!back && foreign.length === 0) {
    const moved = await git.run(["read-tree", "-m", "-u", from, to], { ...how, answers: [0, 128] });
    if (moved.exitCode === 0) return to;
    await git.run(["read-tree", "-m", from], how);
    await clear(site, ours);
  }
  const wanted = ours.filter(({ old }) => old.mode !== GONE && old.mode !== SUBMODULE);
  const input = Buffer.from(wanted.map(({ path }) => `${path}\0`).join(""), "latin1");
  await git.run(["checkout-index", "-q", "-f", "-u", "-z", "--stdin"], { ...how, input });
  return from;
}

async function changesOf({ git, how }: WorktreeSite, { from, to }: Move): Promise<Change[]> {
  const args = ["diff-tree", "-r", "-z", "--raw", "--no-renames", from, to];
  const fields = (await git.run(args, how)).stdout.toString("latin1").split("\0");
  const changes: Change[] = [];
  for (let at = 0; fields[at]; at += 2) {
    const [oldMode = "", mode = "", oldId = "", id = ""] = (fields[at] ?? "").slice(1).split(" ");
    const path = fields[at + 1] ?? "";
    changes.push({ path, old: { mode: oldMode, id: oldId }, new: { mode, id } });
  }
  return changes;
}

async function look(site: WorktreeSite, changes: readonly Change[]) {
  const moved = new Set(changes.map(({ path }) => path));
  const folders = new Set(changes.flatMap(({ path }) => parents(path)));
  const ours: Change[] = [];
  const foreign: Change[] = [];
  for (const change of changes) {
    const found = await find(site, change, { moved, folders });
    (found === "foreign" ? foreign : ours).push(change);
  }
  return { ours, foreign };
}

interface Known {
  readonly moved: ReadonlySet<string>;
  readonly folders: ReadonlySet<string>;
}

async function find(site: WorktreeSite, change: Change, known: Known): Promise<Found> {
  const above = await firstNoFolder(site, change.path);
  // A file may become a folder: then it is itself one of the move.
  if (above) return above.missing || known.moved.has(above.path) ? "gone" : "foreign";
  const at = bytes(site, change.path);
  const stats = await lstat(at).catch(() => undefined);
  if (!stats) return "gone";
  if (stats.isDirectory()) return findFolder(at, change, known);
  const entries = [change.old, change.new].filter(({ mode }) => mode !== GONE);
  const isOurs = stats.isSymbolicLink()
    ? isLinkOf(entries, await readlink(at, { encoding: "buffer" }))
    : stats.isFile() && (await isFileOf(site, entries, { at, mode: stats.mode }));
  return isOurs ? "ours" : "foreign";
}

function isLinkOf(entries: readonly Entry[], target: Buffer): boolean {
  return entries.some((entry) => entry.mode === LINK && isOf(entry, target));
}

async function isFileOf(
  site: WorktreeSite,
  entries: readonly Entry[],
  { at, mode }: { at: Buffer; mode: number },
): Promise<boolean> {
  const content = await readFile(at);
  const now = mode & 0o100 ? "100755" : "100644";
  if (entries.some((entry) => entry.mode === now && isOf(entry, content))) return true;
  return beginsOne(site, entries, content);
}

async function findFolder(at: Buffer, { path, old, new: now }: Change, known: Known) {
  if ([old.mode, now.mode].includes(SUBMODULE) || known.folders.has(path)) return "gone";
  return (await readdir(at)).length === 0 ? "gone" : "foreign";
}

function isOf({ id }: Entry, content: Uint8Array): boolean {
  return objectHash("blob", content, id.length) === id;
}

/** git writes a file from its start to its end, so a killed one leaves a beginning. */
async function beginsOne({ git, how }: WorktreeSite, entries: readonly Entry[], content: Buffer) {
  for (const { id, mode } of entries) {
    if (mode === LINK || mode === SUBMODULE) continue;
    const whole = (await git.run(["cat-file", "blob", id], how)).stdout;
    const begun = content.length < whole.length && whole.subarray(0, content.length);
    if (begun && content.equals(begun)) return true;
  }
  return false;
}

/** Takes the files of a move away, and the folders that are empty without them. */
async function clear(site: WorktreeSite, ours: readonly Change[]): Promise<void> {
  for (const { path } of ours) {
    if (await firstNoFolder(site, path)) continue;
    const stats = await lstat(bytes(site, path)).catch(() => undefined);
    if (stats && !stats.isDirectory()) await unlink(bytes(site, path));
  }
  const folders = [...ours].flatMap(({ path, new: now }) => [
    ...(now.mode === SUBMODULE ? [path] : []),
    ...parents(path),
  ]);
  const deepestFirst = [...new Set(folders)].sort(
    (a, b) => b.split("/").length - a.split("/").length,
  );
  for (const folder of deepestFirst) {
    if (await firstNoFolder(site, `${folder}/x`)) continue;
    // Whatever still holds something stays.
    await rmdir(bytes(site, folder)).catch(() => undefined);
  }
}

/** The first part above a path that is no folder of its own: links are never followed. */
async function firstNoFolder(site: WorktreeSite, path: string) {
  for (const folder of parents(path)) {
    const stats = await lstat(bytes(site, folder)).catch(() => undefined);
    if (!stats?.isDirectory()) return { path: folder, missing: stats === undefined };
  }
  return undefined;
}

/** The folders above a path, the outermost first. */
function parents(path: string): string[] {
  const parts = path.split("/");
  return parts.slice(1).map((_, at) => parts.slice(0, at + 1).join("/"));
}

function bytes({ folder }: WorktreeSite, path: string): Buffer {
  return Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(path, "latin1")]);
}
