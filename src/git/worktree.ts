import { mkdir, readdir, realpath, rm } from "node:fs/promises";
import { join } from "node:path";
import { caseTwins } from "../core/case-twins.ts";
import { NexusError } from "../core/errors.ts";
import { foldsCase } from "./folds-case.ts";
import { createGit } from "./git.ts";
import { objectId } from "./names.ts";
import { foreignPaths, restore, type WorktreeSite } from "./worktree-restore.ts";
import { openRecords, type WorktreeRecords, type WorktreeState } from "./worktree-state.ts";

const EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

/** How a move of a worktree ended; when refused, not one file was touched. */
type WorktreeMove =
  | { readonly kind: "moved" }
  | {
      readonly kind: "refused";
      /** A person's edit or file is in the way, or the folder cannot hold two of the names apart. */
      readonly reason: "edited" | "case-twins";
      readonly paths: readonly string[];
    };

/** Where a move may be cut off: intent on the disk, git at work, files written but not recorded. */
export type WorktreeStep = "intent" | "reading" | "written";

/** A folder of files that Nexus moves from commit to commit, each time wholly or not at all. */
export interface Worktree {
  readonly folder: string;
  /** The commit the files are of; the id of the empty tree before the first move. */
  at(): Promise<string>;
  /** Moves the files. Throws `git.failed` when they are not at `from`, or could not be written; then they are as before. */
  update(from: string, to: string): Promise<WorktreeMove>;
  /** Takes the last move back. Throws `git.failed` when there is none. */
  undo(): Promise<WorktreeMove>;
}

/** Whose objects, which folder, and what is in it already. */
export interface OpenWorktree {
  readonly gitDir: string;
  readonly folder: string;
  /** The commit that somebody else has written here; without it the folder must be new or empty. */
  readonly holds?: string;
  /** Told when a step is done. Crash tests only. */
  readonly onStep?: (step: WorktreeStep) => void;
  /** Whether the folder folds case; found out when not told. */
  readonly folds?: boolean;
}

/**
 * Opens a worktree and first ends what a crash interrupted. git's records of it lie below the mirror;
 * a `.git` in the folder is never read, and no filter, hook or attribute is known to the git that writes.
 */
export async function openWorktree(options: OpenWorktree): Promise<Worktree> {
  await mkdir(options.folder, { recursive: true });
  const folder = await realpath(options.folder);
  const records = await openRecords(options.gitDir, folder);
  const objects = join(options.gitDir, "objects");
  const how = { gitDir: records.gitDir, objects, workTree: folder };
  const site = { git: createGit(), folder, how };
  await recover(site, records);
  await begin(site, records, options.holds);
  const folds = options.folds ?? (await foldsCase(folder));
  const at = { ...site, records, folds, onStep: options.onStep ?? (() => undefined) };
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work, work);
    last = turn;
    return turn;
  };
  return {
    folder,
    at: () => inTurn(async () => (await stateOf(records)).at),
    update: (from, to) => inTurn(() => move(at, objectId(from), objectId(to))),
    undo: () =>
      inTurn(async () => {
        const { at: now, before } = await stateOf(records);
        if (before === undefined) throw new NexusError("git.failed", "There is nothing to undo.");
        return move(at, now, before);
      }),
  };
}

async function stateOf(records: WorktreeRecords): Promise<WorktreeState> {
  return (await records.read()) ?? { at: EMPTY_TREE };
}

/** Waits for whoever still writes here, then ends a move that was cut off. */
async function recover(site: WorktreeSite, records: WorktreeRecords): Promise<void> {
  await records.idle();
  const { intent } = await stateOf(records);
  if (intent) await end(site, records, intent);
}

async function end(
  site: WorktreeSite,
  records: WorktreeRecords,
  intent: NonNullable<WorktreeState["intent"]>,
): Promise<void> {
  const { at } = (await isHere(site, intent.to))
    ? await restore(site, intent)
    : { at: intent.from };
  await records.write(at === intent.to ? { at, before: intent.from } : { at });
}

/** What is known of the folder when it is opened for the first time, or was emptied meanwhile. */
async function begin(site: WorktreeSite, records: WorktreeRecords, holds: string | undefined) {
  const { git, how, folder } = site;
  const known = await records.read();
  const empty = (await readdir(folder)).length === 0;
  if (known && !(empty && !holds)) return;
  if (!holds && !empty) throw new NexusError("git.failed", "A new worktree needs an empty folder.");
  const at = holds ? objectId(holds) : EMPTY_TREE;
  await rm(join(how.gitDir, "index"), { force: true });
  await git.run(["read-tree", at], how);
  await records.write({ at });
}

interface Mover extends WorktreeSite {
  readonly records: WorktreeRecords;
  readonly folds: boolean;
  readonly onStep: (step: WorktreeStep) => void;
}

async function move(mover: Mover, from: string, to: string): Promise<WorktreeMove> {
  const { records, onStep } = mover;
  await recover(mover, records);
  const state = await stateOf(records);
  if (state.at !== from) {
    throw new NexusError("git.failed", "The worktree holds another commit than was thought.");
  }
  const twins = mover.folds ? await twinsOf(mover, to) : [];
  if (twins.length > 0) return { kind: "refused", reason: "case-twins", paths: twins };
  const intent = { from, to, back: false };
  await records.write({ ...state, intent });
  onStep("intent");
  const cause = await moveFiles(mover, intent);
  if (cause === undefined) {
    onStep("written");
    await records.write({ at: to, before: from }, "soon");
    return { kind: "moved" };
  }
  if (!(await isHere(mover, to))) {
    await records.write(state);
    throw cause;
  }
  await records.write({ ...state, intent: { ...intent, back: true } });
  const { foreign: paths } = await restore(mover, { ...intent, back: true });
  await records.write(state);
  if (paths.length > 0) return { kind: "refused", reason: "edited", paths };
  const text = "The files could not be written; they are as before.";
  throw new NexusError("git.failed", text, { cause });
}

/** Why git would not or could not; nobody writes any more then. Undefined when it did. */
async function moveFiles(mover: Mover, move: Move): Promise<unknown> {
  const { git, how } = mover;
  const cause = await readTree(mover, move);
  if (cause === undefined || !(await isHere(mover, move.to))) return cause;
  if ((await foreignPaths(mover, move)).length > 0) return cause;
  // Files that were only touched look edited until git has looked into them.
  await git.run(["update-index", "-q", "--refresh"], { ...how, answers: [0, 1] });
  return readTree(mover, move);
}

interface Move {
  readonly from: string;
  readonly to: string;
}

async function readTree({ git, how, records, onStep }: Mover, { from, to }: Move) {
  try {
    await records.holding(async (held) => {
      const reading = git.run(["read-tree", "-m", "-u", from, to], { ...how, held });
      onStep("reading");
      await reading;
    });
    return undefined;
  } catch (cause) {
    await records.idle();
    return cause;
  }
}

/** Whether there is such a tree. Where there is none, git has touched nothing. */
async function isHere({ git, how }: WorktreeSite, commit: string): Promise<boolean> {
  const args = ["rev-parse", "--quiet", "--verify", `${commit}^{tree}`];
  return (await git.run(args, { ...how, answers: [0, 1, 128] })).exitCode === 0;
}

async function twinsOf({ git, how }: Mover, commit: string): Promise<readonly string[]> {
  const { stdout } = await git.run(["ls-tree", "-r", "-z", "--name-only", commit], how);
  return caseTwins(stdout.toString("utf8").split("\0").filter(Boolean));
}
