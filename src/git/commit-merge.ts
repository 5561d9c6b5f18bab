import type { ChangeSet, Edit } from "../core/change-set.ts";
import { NexusError } from "../core/errors.ts";
import type { NewMerge } from "../core/git.ts";
import { visible } from "../core/untrusted.ts";
import { changedFiles } from "./changed-files.ts";
import type { Git } from "./git.ts";
import { objectId } from "./names.ts";
import { checkStrictly } from "./strict-check.ts";
import { type CommitWriter, madeRef } from "./write-commit.ts";

interface Where {
  readonly git: Git;
  readonly gitDir: string;
}

/** A commit with all its parents, read back and checked before it has a name. Throws `git.failed` otherwise. */
export async function commitMerge(at: Where, merge: NewMerge): Promise<ChangeSet> {
  const { git, gitDir } = at;
  const [base = "", ...others] = merge.parents.map(objectId);
  if (others.length === 0) {
    throw new NexusError("git.failed", "A merge has at least two parents, each once.");
  }
  const tree = objectId(merge.tree);
  const parents = [base, ...others];
  const args = ["commit-tree", ...parents.flatMap((id) => ["-p", id]), "-F", "-", tree];
  const commit = objectId(await git.line(args, { gitDir, input: visible(merge.message) }));
  await mustSay(at, commit, [`tree ${tree}`, ...parents.map((id) => `parent ${id}`)]);
  const [files] = await Promise.all([
    changedFiles(git, { gitDir, from: base, to: commit }),
    checkStrictly(git, gitDir, { base, others, head: commit }),
  ]);
  await git.run(["update-ref", madeRef(), commit], { gitDir });
  return { base, commit, tree, files: [...files] };
}

/** git leaves out a parent that is named twice, for one. */
async function mustSay({ git, gitDir }: Where, commit: string, wanted: readonly string[]) {
  const { stdout } = await git.run(["cat-file", "commit", commit], { gitDir });
  const lines = stdout.toString("latin1").split("\n");
  const said = lines.slice(
    0,
    lines.findIndex((line) => line.startsWith("author ")),
  );
  if (said.join("\n") !== wanted.join("\n")) {
    throw new NexusError("git.failed", "The merge commit is not what was asked for.");
  }
}

/** A tree with edits put on another one, by the same checks as a commit of them. */
export async function editTree(
  at: Where & { write: CommitWriter },
  tree: string,
  edits: readonly Edit[],
): Promise<string> {
  const args = ["commit-tree", "-m", "merge", objectId(tree)];
  const parent = await at.git.line(args, { gitDir: at.gitDir });
  return (await at.write.commitEdits({ parent, edits, message: "merge" })).tree;
}
