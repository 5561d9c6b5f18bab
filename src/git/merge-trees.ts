import { NexusError } from "../core/errors.ts";
import type { ThreeWay, TreeMerge } from "../core/git.ts";
import type { Git } from "./git.ts";
import { objectId } from "./names.ts";

/**
 * git's own three-way merge of three trees, without a working tree. The installed git takes its base
 * only from history, so three commits are made that have exactly the wanted one.
 */
export async function mergeTrees(git: Git, gitDir: string, sides: ThreeWay): Promise<TreeMerge> {
  const [baseTree = "", ...trees] = await treesOf(git, gitDir, sides);
  const base = await commitOf(git, gitDir, { tree: baseTree });
  const made = trees.map((tree) => commitOf(git, gitDir, { tree, parent: base }));
  const [ours = "", theirs = ""] = await Promise.all(made);
  const args = ["merge-tree", "--write-tree", "-z", "--name-only", ours, theirs];
  const { exitCode, stdout } = await git.run(args, { gitDir, answers: [0, 1] });
  const fields = stdout.toString("utf8").split("\0");
  if (exitCode === 0) return { kind: "clean", tree: objectId(fields[0]?.trim() ?? "") };
  return { kind: "conflicted", files: conflictedFiles(fields) };
}

async function treesOf(git: Git, gitDir: string, { base, ours, theirs }: ThreeWay) {
  const trees = [base, ours, theirs].map((side) => `${objectId(side)}^{tree}`);
  return (await git.line(["rev-parse", ...trees], { gitDir })).split("\n").map(objectId);
}

/** A commit nobody keeps: it only tells git what the merge base is. */
async function commitOf(
  git: Git,
  gitDir: string,
  { tree, parent }: { tree: string; parent?: string },
): Promise<string> {
  const parents = parent ? ["-p", parent] : [];
  return git.line(["commit-tree", ...parents, "-m", "merge", tree], { gitDir });
}

/**
 * Names of all conflicts: the files with stages up to the first empty field, then the messages, each
 * as count, paths, kind, text. Some conflicts appear only as a message.
 */
function conflictedFiles(fields: readonly string[]): readonly string[] {
  const end = fields.indexOf("", 1);
  const files = new Set(fields.slice(1, end));
  for (let at = end + 1; fields[at]; ) {
    const count = Number(fields[at]);
    const kind = fields[at + 1 + count] ?? "";
    if (!Number.isInteger(count)) break;
    if (kind.startsWith("CONFLICT")) {
      for (const path of fields.slice(at + 1, at + 1 + count)) files.add(path);
    }
    at += count + 3;
  }
  if (files.size === 0) throw new NexusError("git.failed", "git names no file for a conflict.");
  return [...files].sort();
}
