import { NexusError } from "../core/errors.ts";
import type { HistoryMerge, ThreeWay, TreeMerge } from "../core/git.ts";
import { autoMerged } from "./auto-merged.ts";
import type { Git } from "./git.ts";
import { type MergeAnswer, readAnswer } from "./merge-answer.ts";
import { ancestryOf } from "./merge-base.ts";
import { nameConflicts } from "./name-conflicts.ts";
import { objectId } from "./names.ts";
import type { CommitReader } from "./read-commit.ts";
import { renamesOf } from "./renames.ts";
import { pathProblem } from "./safe-path.ts";

/** Large histories with many renames take their time. */
const MERGE_MS = 300_000;

/** What the repository's own configuration could say otherwise, and what newer versions of git decide anew. */
const FIXED = [
  ["merge.conflictStyle", "merge"],
  ["merge.renames", "true"],
  ["merge.directoryRenames", "conflict"],
  ["merge.renormalize", "false"],
].flatMap(([key, value]) => ["-c", `${key}=${value}`]);

/** One bare repository. */
export interface MergeAt {
  readonly git: Git;
  readonly gitDir: string;
  readonly read: CommitReader;
}

/**
 * git's own three-way merge of three trees, without a working tree. The installed git takes its base
 * only from history, so three commits are made that have exactly the wanted one. In a bare repository git reads
 * no attributes of the trees, so no driver and no filter acts.
 */
export async function mergeTrees(at: MergeAt, sides: ThreeWay): Promise<TreeMerge> {
  const [baseTree = "", ...trees] = await treesOf(at, sides);
  const base = await commitOf(at, { tree: baseTree });
  const made = trees.map((tree) => commitOf(at, { tree, parent: base }));
  const [ours = "", theirs = ""] = await Promise.all(made);
  return mergeOf(at, { bases: [base], ours, theirs });
}

/** The same for two commits whose base is what their history says; with several, git first merges those. */
export async function mergeCommits(
  at: MergeAt,
  { ours, theirs }: Omit<ThreeWay, "base">,
): Promise<HistoryMerge> {
  const { bases, cut } = await ancestryOf(at.git, { gitDir: at.gitDir, ours, theirs });
  // A base that is known may still not be the best one: a wrong base brings back what was removed.
  if (cut.length > 0) return { kind: "no-base", why: "shallow", missing: cut };
  if (bases.length === 0) return { kind: "no-base", why: "unrelated", missing: [] };
  return { ...(await mergeOf(at, { bases, ours, theirs })), bases };
}

interface Known {
  readonly bases: readonly string[];
  readonly ours: string;
  readonly theirs: string;
}

async function mergeOf(at: MergeAt, known: Known): Promise<TreeMerge> {
  const { git, gitDir, read } = at;
  const args = [...FIXED, "merge-tree", "--write-tree", "-z", "--messages"];
  const { exitCode, stdout } = await git.run([...args, known.ours, known.theirs], {
    gitDir,
    answers: [0, 1],
    deadlineMs: MERGE_MS,
  });
  const answer = readAnswer(stdout);
  const renames = await renamesIfAsked(at, known, answer);
  const named = { ours: new Set(renames.ours.keys()), theirs: new Set(renames.theirs.keys()) };
  const conflicts = exitCode === 0 ? [] : nameConflicts(answer, named);
  const files = [...new Set(conflicts.flatMap(({ paths }) => paths))].sort();
  const joined = await autoMerged(read, {
    ...known,
    paths: joinedPaths(answer, files),
    merged: answer.tree,
    renames: new Map([...renames.ours, ...renames.theirs]),
  });
  if (exitCode === 0) return { kind: "clean", tree: answer.tree, ...joined };
  if (files.length === 0) throw new NexusError("git.failed", "git names no file for a conflict.");
  return { kind: "conflicted", files, tree: answer.tree, conflicts, ...joined };
}

function joinedPaths(answer: MergeAnswer, inConflict: readonly string[]): readonly string[] {
  const out = new Set([...inConflict, ...answer.illegible]);
  const joined = answer.remarks.filter(({ type }) => type === "Auto-merging");
  return [...new Set(joined.flatMap(({ paths }) => paths))].filter(
    // What cannot be written back need not be looked at again.
    (path) => !out.has(path) && pathProblem(path) === undefined,
  );
}

/** Renames are looked for a second time only where git's answer cannot be read without them. */
async function renamesIfAsked(
  { git, gitDir, read }: MergeAt,
  { bases, ours, theirs }: Known,
  answer: MergeAnswer,
) {
  const [base = ""] = bases;
  const asked = [...new Set(answer.remarks.flatMap(({ paths }) => paths))];
  const before = asked.length > 0 ? await read.entries(base, asked) : [];
  const known = new Set(before.map(({ path }) => path));
  if (asked.every((path) => known.has(path))) return { ours: new Map(), theirs: new Map() };
  const [byOurs, byTheirs] = await Promise.all(
    [ours, theirs].map((to) => renamesOf(git, { gitDir, from: base, to })),
  );
  return { ours: byOurs ?? new Map(), theirs: byTheirs ?? new Map() };
}

async function treesOf({ git, gitDir }: MergeAt, { base, ours, theirs }: ThreeWay) {
  const trees = [base, ours, theirs].map((side) => `${objectId(side)}^{tree}`);
  return (await git.line(["rev-parse", ...trees], { gitDir })).split("\n").map(objectId);
}

/** A commit nobody keeps: it only tells git what the merge base is. */
async function commitOf(
  { git, gitDir }: MergeAt,
  { tree, parent }: { tree: string; parent?: string },
): Promise<string> {
  const parents = parent ? ["-p", parent] : [];
  return git.line(["commit-tree", ...parents, "-m", "merge", tree], { gitDir });
}
