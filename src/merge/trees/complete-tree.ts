import type { Mirror } from "../../core/git.ts";
import type { FileReport } from "../../core/merge.ts";
import { outcomeOf, writeText } from "./answers.ts";
import type { ConflictedTree, TreeResult } from "./tree-result.ts";

/** A file that was left and that somebody settled since: a model, a person, or the command that makes it. */
export interface LaterAnswer {
  readonly report: FileReport;
  /** The whole file; absent where the tree has it already. */
  readonly text?: string;
}

/**
 * The merge once more of what was left is settled. Answers about files that were not left as texts are no answers:
 * they are passed over.
 */
export async function completeTree(
  left: ConflictedTree,
  answers: readonly LaterAnswer[],
  mirror: Pick<Mirror, "editTree">,
): Promise<TreeResult> {
  const open = new Map(
    [...left.unsettled, ...left.regenerate].map(({ sides, mode }) => [sides.path, mode]),
  );
  const taken = answers.filter(({ report }) => report.kind === "merged" && open.has(report.path));
  // What was tried in vain is told, too.
  const tried = answers.filter(({ report }) => open.has(report.path));
  const reports = new Map(tried.map(({ report }) => [report.path, report]));
  const done = new Set(taken.map(({ report }) => report.path));
  const edits = taken.flatMap(({ report: { path }, text }) =>
    text === undefined ? [] : [writeText(path, open.get(path) ?? "100644", text)],
  );
  return outcomeOf({
    tree: edits.length > 0 ? await mirror.editTree(left.tree, edits) : left.tree,
    files: left.files.map((report) => reports.get(report.path) ?? report),
    unsettled: left.unsettled.filter(({ sides }) => !done.has(sides.path)),
    regenerate: left.regenerate.filter(({ sides }) => !done.has(sides.path)),
    stuck: left.stuck,
  });
}
