import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { NexusError } from "../../src/core/errors.ts";
import type { FrozenTree } from "../changes/frozen-tree.ts";
import { isMissing } from "../changes/raw-path.ts";
import type { Pins } from "../engine/presence.ts";
import { type FrozenFolders, keepFrozenFolders } from "./frozen-folders.ts";
import { own } from "./ownership.ts";

/** A commit, and the bare repository of this machine that holds it. */
export interface CommitAt {
  readonly gitDir: string;
  readonly commit: string;
}

/** Writes the files of a commit into an empty folder, with a `.git` that knows the commit and nothing else. */
export type Checkout = (at: CommitAt & { readonly folder: string }) => Promise<void>;

/** How a commit becomes a thin folder over the frozen files of another one. */
export interface Deltas {
  /** The nearest of the candidates, with how many paths differ; undefined where none is near. */
  nearest(
    at: CommitAt & { readonly candidates: readonly string[] },
  ): Promise<{ readonly commit: string; readonly paths: number } | undefined>;
  /**
   * Writes into an empty folder what differs from the commit `from`, as the layer of an overlay: deleted names
   * as whiteouts, no folder opaque. False where this machine can make no whiteouts; the folder is as it was then.
   * `below` is the folder in which the index of `from` lies.
   */
  write(
    at: CommitAt & { readonly from: string; readonly below: string; readonly folder: string },
  ): Promise<boolean>;
}

/** Frozen files in use. They stay until they are released. */
export interface TakenTree {
  readonly tree: FrozenTree;
  release(): Promise<void>;
}

/** The frozen files of commits, each made once and shared by all processes. */
export interface BaseTrees {
  /** Made by a checkout, or by what differs where a near commit is prepared already. */
  take(at: CommitAt): Promise<TakenTree>;
  /** Removes what dead processes left half-made, and what has not been taken for long; never what is in use. */
  tidy(): Promise<void>;
}

/** Where trees are kept and how they are made. */
export interface BaseKeeping {
  readonly root: string;
  /** How many trees stay beyond those in use and those that others stand on. */
  readonly keep: number;
  readonly pins: Pins;
  /** What fails with less than this left on the disk, has failed for want of disk. */
  readonly minFreeBytes?: number | undefined;
  /** Who will own the files. */
  readonly uid: number;
  readonly checkout: Checkout;
  /** Absent: every commit is checked out. */
  readonly deltas?: Deltas | undefined;
}

const FILES = "files";
const RECORD = "record.json";
// Each delta is one more folder for the kernel to look into, and one more path in the options of a mount.
const MAX_DELTAS = 10;

/** What is told of a tree beside its files. */
const TreeRecord = z.object({
  gitDir: z.string(),
  /** The commit that it stands on; none for a whole tree. */
  over: z.string().optional(),
});
type TreeRecord = z.infer<typeof TreeRecord>;

/** Keeps the frozen files of commits below one folder. */
export function createBaseTrees(keeping: BaseKeeping): BaseTrees {
  const standsOn = async (folder: string) => (await recordIn(folder))?.over;
  const isWhole = async (folder: string) => (await recordIn(folder)) !== undefined;
  const folders = keepFrozenFolders(keeping.root, { ...keeping, standsOn, isWhole });
  const maker = { ...keeping, folders };
  return {
    tidy: folders.tidy,
    async take(at) {
      if (!/^[0-9a-f]{40,64}$/.test(at.commit))
        throw new Error("A sandbox is opened over a commit's full id.");
      const meanwhile: TakenTree[] = [];
      try {
        return await takeStack(maker, at, (folder) => makeTree({ maker, at, folder, meanwhile }));
      } finally {
        await releaseAll(meanwhile);
      }
    },
  };
}

interface Making {
  readonly maker: Maker;
  readonly at: CommitAt;
  readonly folder: string;
  /** Trees that must stay until the new one is there. */
  readonly meanwhile: TakenTree[];
}

interface Maker extends BaseKeeping {
  readonly folders: FrozenFolders;
}

type TakeGround = (record: TreeRecord, over: string) => Promise<TakenTree | undefined>;

/** The tree of a commit with those that it stands on, all taken. */
async function takeStack(
  maker: Maker,
  at: CommitAt,
  fill: (folder: string) => Promise<void>,
): Promise<TakenTree> {
  const top = await maker.folders.take(at.commit, fill);
  const stack = await withGround(top, ({ gitDir }, over) => takeWhole(maker, at, { gitDir, over }));
  if (stack) return stack;
  throw new NexusError("sandbox.unavailable", "A frozen tree was removed while it was taken.", {
    hint: "Nothing but Nexus may remove folders of Nexus' own.",
    retryable: true,
  });
}

/** A tree that has been taken, with what it stands on; undefined, and released, where something of it is not there. */
async function withGround(top: FrozenTop, takeGround: TakeGround): Promise<TakenTree | undefined> {
  let stack: TakenTree | undefined;
  try {
    const record = await recordIn(top.folder);
    if (record) stack = await stackOf(top, record, takeGround);
    return stack;
  } finally {
    if (!stack) await top.release();
  }
}

interface FrozenTop {
  readonly folder: string;
  release(): Promise<void>;
}

async function stackOf(
  top: FrozenTop,
  record: TreeRecord,
  takeGround: TakeGround,
): Promise<TakenTree | undefined> {
  const files = join(top.folder, FILES);
  if (record.over === undefined) return { tree: { folders: [files] }, release: top.release };
  const under = await takeGround(record, record.over);
  return (
    under && {
      tree: { folders: [files, ...under.tree.folders] },
      release: () => releaseAll([top, under]),
    }
  );
}

// What is needed may have been tidied away the moment before: then it is made again, standing on nothing.
async function takeWhole(
  maker: Maker,
  { gitDir: known }: CommitAt,
  { gitDir, over: commit }: { readonly gitDir: string; readonly over: string },
): Promise<TakenTree> {
  return await takeStack(maker, { gitDir: known, commit }, async (folder) => {
    try {
      await checkOut(maker, { gitDir, commit }, folder);
    } catch (error) {
      // The repository that it once came from may not be there any more.
      if (known === gitDir) throw error;
      await rm(join(folder, FILES), { recursive: true, force: true });
      await checkOut(maker, { gitDir: known, commit }, folder);
    }
  });
}

/**
 * The tree of a commit if it is there with all that it stands on. Whoever makes a tree takes its ground
 * like this: two that waited for one another's making would wait for ever.
 */
async function takeFinished(
  folders: FrozenFolders,
  commit: string,
): Promise<TakenTree | undefined> {
  const top = await folders.takeFinished(commit);
  return top && (await withGround(top, (_, over) => takeFinished(folders, over)));
}

async function makeTree(making: Making): Promise<void> {
  const { maker, at, folder } = making;
  const over = maker.deltas && (await makeDelta(making, maker.deltas));
  if (over === undefined) return await checkOut(maker, at, folder);
  await finish(maker, folder, { gitDir: at.gitDir, over });
}

async function checkOut(maker: Maker, at: CommitAt, folder: string): Promise<void> {
  const files = join(folder, FILES);
  await mkdir(files);
  await maker.checkout({ ...at, folder: files });
  await finish(maker, folder, { gitDir: at.gitDir });
}

async function finish({ uid }: Maker, folder: string, record: TreeRecord): Promise<void> {
  await own(join(folder, FILES), uid);
  await writeFile(join(folder, RECORD), JSON.stringify(record));
}

/** The commit that the folder stands on now; undefined where it has to be a whole tree. */
async function makeDelta(
  { maker, at, folder, meanwhile }: Making,
  deltas: Deltas,
): Promise<string | undefined> {
  const over = await choose(maker.folders, at, deltas);
  if (over === undefined) return undefined;
  const under = await takeFinished(maker.folders, over);
  if (!under) return undefined;
  meanwhile.push(under);
  const files = join(folder, FILES);
  await mkdir(files);
  const below = under.tree.folders[0] ?? "";
  const written = await deltas
    .write({ ...at, from: over, below, folder: files })
    // A checkout is slower and asks for less; if the commit is at fault, it says so too.
    .catch(() => false);
  if (written) return over;
  await rm(files, { recursive: true, force: true });
  return undefined;
}

async function choose(
  folders: FrozenFolders,
  at: CommitAt,
  deltas: Deltas,
): Promise<string | undefined> {
  const prepared = await lineages(folders, at);
  const near = async (candidates: readonly string[]) =>
    candidates.length === 0 ? undefined : (await deltas.nearest({ ...at, candidates }))?.commit;
  const nearest = await near([...prepared.keys()]);
  const lineage = nearest === undefined ? undefined : prepared.get(nearest);
  if (lineage === undefined || lineage.length <= MAX_DELTAS) return nearest;
  return await near(lineage.slice(-1));
}

/**
 * For each commit of a repository that is prepared: itself and what it stands on, down to a whole tree. Nothing
 * that stands on the wanted commit: another process may have made it at this moment.
 */
async function lineages(
  folders: FrozenFolders,
  { gitDir, commit: but }: CommitAt,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const records = new Map<string, TreeRecord>();
  for (const { name, folder } of await folders.finished()) {
    const record = await recordIn(folder);
    if (record?.gitDir === gitDir) records.set(name, record);
  }
  const found = new Map<string, readonly string[]>();
  for (const commit of records.keys()) {
    const lineage: string[] = [];
    let at: string | undefined = commit;
    while (at !== undefined && records.has(at) && !lineage.includes(at)) {
      lineage.push(at);
      at = records.get(at)?.over;
    }
    // One whose ground is missing is no ground itself.
    if (at === undefined && !lineage.includes(but)) found.set(commit, lineage);
  }
  return found;
}

/** Undefined where there is none that can be read: then the folder is none that anybody has finished. */
async function recordIn(folder: string): Promise<TreeRecord | undefined> {
  try {
    return TreeRecord.parse(JSON.parse(await readFile(join(folder, RECORD), "utf8")));
  } catch (error) {
    if (isMissing(error) || error instanceof SyntaxError || error instanceof z.ZodError)
      return undefined;
    throw error;
  }
}

async function releaseAll(taken: readonly { release(): Promise<void> }[]): Promise<void> {
  for (const one of taken) await one.release();
}
