import type { Stats } from "node:fs";
import { lstat, readdir, readFile, readlink, rmdir, unlink } from "node:fs/promises";
import { NexusError } from "../core/errors.ts";
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

/** git writes a file from its start, and a kill cuts it where a page of memory ends. */
const PAGE = 4096;

interface Entry {
  readonly mode: string;
  readonly id: string;
  /** Bytes of a file or link; 0 for what is neither. */
  readonly size: number;
}

/** One path between two commits. The path is bytes, one character each. */
interface Change {
  readonly path: string;
  readonly old: Entry;
  readonly new: Entry;
}

/** `old` needs nothing to be as before, `ours` is the new file or the beginning of one, `foreign` is a person's. */
type Found = "old" | "ours" | "gone" | "foreign";

/** Paths of a move that hold what neither commit does: edited files, and others in the way. */
export async function foreignPaths(site: WorktreeSite, move: Move): Promise<readonly string[]> {
  const { foreign } = await look(site, await changesOf(site, move));
  return foreign.map(named);
}

interface Move {
  readonly from: string;
  readonly to: string;
}

/** The end a move was brought to, and the person's files that were left as they are. */
interface Restored {
  readonly at: string;
  readonly foreign: readonly string[];
}

/**
 * Brings a move that was cut off to one of its ends: forward, unless `back` is wanted or a person's
 * file is in the way. Touches only paths of the move that are not at that end, and no person's file.
 */
export async function restore(
  site: WorktreeSite,
  { from, to, back }: Move & { readonly back: boolean },
): Promise<Restored> {
  const { git, how } = site;
  const { begun, kept, foreign } = await look(site, await changesOf(site, { from, to }));
  // Alone, this is about the index only; what git thinks of other files stays.
  await git.run(["read-tree", "-i", "-m", from], how);
  const all = [...begun, ...kept];
  if (back || foreign.length > 0) {
    await writeOld(site, begun, all);
    return { at: from, foreign: foreign.map(named) };
  }
  await clear(site, all, all);
  const moved = await git.run(["read-tree", "-m", "-u", from, to], { ...how, answers: [0, 128] });
  if (moved.exitCode === 0) return { at: to, foreign: [] };
  await git.run(["read-tree", "-i", "-m", from], how);
  await writeOld(site, all, all);
  return { at: from, foreign: [] };
}

function named({ path }: Change): string {
  return Buffer.from(path, "latin1").toString("utf8");
}

async function writeOld(
  site: WorktreeSite,
  changes: readonly Change[],
  all: readonly Change[],
): Promise<void> {
  await clear(site, changes, all);
  const paths = changes.filter(({ old }) => isFile(old)).map(({ path }) => `${path}\0`);
  if (paths.length === 0) return;
  const input = Buffer.from(paths.join(""), "latin1");
  await site.git.run(["checkout-index", "-q", "-f", "-u", "-z", "--stdin"], { ...site.how, input });
}

async function changesOf(site: WorktreeSite, { from, to }: Move): Promise<Change[]> {
  const args = ["diff-tree", "-r", "-z", "--raw", "--no-renames", from, to];
  const fields = (await site.git.run(args, site.how)).stdout.toString("latin1").split("\0");
  const paths: string[] = [];
  const entries: Omit<Entry, "size">[] = [];
  for (let at = 0; fields[at]; at += 2) {
    const [oldMode = "", mode = "", oldId = "", id = ""] = (fields[at] ?? "").slice(1).split(" ");
    paths.push(fields[at + 1] ?? "");
    entries.push({ mode: oldMode, id: oldId }, { mode, id });
  }
  const sized = await withSizes(site, entries);
  return paths.map((path, at) => {
    const [old, now] = sized.slice(2 * at, 2 * at + 2);
    if (!old || !now) throw new NexusError("git.failed", "git counted its files wrongly.");
    return { path, old, new: now };
  });
}

async function withSizes({ git, how }: WorktreeSite, entries: readonly Omit<Entry, "size">[]) {
  const files = entries.filter(isFile);
  const input = files.map(({ id }) => `${id}\n`).join("");
  const said = await git.run(["cat-file", "--batch-check=%(objectsize)"], { ...how, input });
  const lines = said.stdout.toString("utf8").split("\n");
  const sizes = new Map(files.map(({ id }, at) => [id, Number(lines[at])]));
  return entries.map((entry): Entry => ({ ...entry, size: sizes.get(entry.id) ?? 0 }));
}

function isFile({ mode }: { readonly mode: string }): boolean {
  return mode !== GONE && mode !== SUBMODULE;
}

async function look(site: WorktreeSite, changes: readonly Change[]) {
  const moved = new Set(changes.map(({ path }) => path));
  const folders = new Set(changes.flatMap(({ path }) => parents(path)));
  const [begun, kept, foreign]: [Change[], Change[], Change[]] = [[], [], []];
  for (const change of changes) {
    const found = await find(site, change, { moved, folders });
    const isKept = found === "old" || (found === "gone" && change.old.mode === GONE);
    if (found === "foreign") foreign.push(change);
    else if (isKept) kept.push(change);
    else begun.push(change);
  }
  return { begun, kept, foreign };
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
  if (stats.isSymbolicLink()) {
    return whose(change, LINK, await readlink(at, { encoding: "buffer" })) ?? "foreign";
  }
  return stats.isFile() ? findFile(site, change, { at, stats }) : "foreign";
}

/** Undefined when neither commit has this content in this mode. */
function whose({ old, new: now }: Change, mode: string, content: Uint8Array): Found | undefined {
  const is = (entry: Entry) => entry.mode === mode && isOf(entry, content);
  if (is(old)) return "old";
  return is(now) ? "ours" : undefined;
}

async function findFile(
  site: WorktreeSite,
  change: Change,
  { at, stats }: { at: Buffer; stats: Stats },
): Promise<Found> {
  const entries = [change.old, change.new].filter(isFile);
  // What is longer than both is no file of this move, and need not be read.
  if (!entries.some(({ size }) => size >= stats.size)) return "foreign";
  const content = await readFile(at);
  const found = whose(change, stats.mode & 0o100 ? "100755" : "100644", content);
  return found ?? ((await beginsOne(site, entries, content)) ? "ours" : "foreign");
}

async function findFolder(at: Buffer, { path, old, new: now }: Change, known: Known) {
  if ([old.mode, now.mode].includes(SUBMODULE) || known.folders.has(path)) return "gone";
  return (await readdir(at)).length === 0 ? "gone" : "foreign";
}

function isOf({ id }: Entry, content: Uint8Array): boolean {
  return objectHash("blob", content, id.length) === id;
}

async function beginsOne({ git, how }: WorktreeSite, entries: readonly Entry[], content: Buffer) {
  if (content.length % PAGE !== 0) return false;
  for (const { id, mode, size } of entries) {
    if (mode === LINK || size <= content.length) continue;
    if (content.length === 0) return true;
    const args = ["cat-file", "blob", id];
    const { stdout } = await git.run(args, { ...how, cutAt: content.length });
    if (content.equals(stdout)) return true;
  }
  return false;
}

/** Takes files of a move away, and those of its folders that are empty without them. */
async function clear(
  site: WorktreeSite,
  changes: readonly Change[],
  all: readonly Change[],
): Promise<void> {
  for (const { path } of changes) {
    if (await firstNoFolder(site, path)) continue;
    const stats = await lstat(bytes(site, path)).catch(() => undefined);
    if (stats && !stats.isDirectory()) await unlink(bytes(site, path));
  }
  const folders = all.flatMap(({ path, new: now }) => [
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
