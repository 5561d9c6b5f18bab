import type { HistoryMerge, Stage, ThreeWay, TreeMerge } from "../core/git.ts";
import { type Answered, editsOf, resultOf } from "./trees/answers.ts";
import { checkable, recheckJoined } from "./trees/check-joined.ts";
import { readAround } from "./trees/read-around.ts";
import { readTexts } from "./trees/read-sides.ts";
import { type Entry, entryOf, settleConflict } from "./trees/settle-text.ts";
import type { TreePorts, TreeResult } from "./trees/tree-result.ts";

/** The answer where two histories are merged that have no known ancestor. */
export type NoBase = Extract<HistoryMerge, { readonly kind: "no-base" }>;

/** Merges three trees: by git, and where git stops, by everything that is provable from the texts. */
export async function mergeTrees(sides: ThreeWay, ports: TreePorts): Promise<TreeResult> {
  return settleTree(await ports.mirror.mergeTrees(sides), ports);
}

/** The same for two commits and what their history says of their base. */
export async function mergeCommits(
  sides: Omit<ThreeWay, "base">,
  ports: TreePorts,
): Promise<TreeResult | NoBase> {
  const merge = await ports.mirror.mergeCommits(sides);
  return merge.kind === "no-base" ? merge : settleTree(merge, ports);
}

async function settleTree(merge: TreeMerge, { mirror, syntax }: TreePorts): Promise<TreeResult> {
  const conflicts = merge.kind === "conflicted" ? merge.conflicts : [];
  const joined = checkable(merge.autoMerged);
  const entries = conflicts.flatMap((one) => entryOf(one) ?? []);
  const paths = entries.map(({ path }) => path);
  const at = {
    texts: await readTexts(mirror, [...entries, ...joined].flatMap(stagesOf)),
    around: await readAround(mirror, merge.tree, paths),
    syntax,
  };
  const answers: Answered[] = conflicts.map((conflict) => {
    return { path: conflict.path, answer: settleConflict(conflict, at) };
  });
  for (const file of joined) {
    const answer = recheckJoined(file, at);
    if (answer) answers.push({ path: file.path, answer });
  }
  const ordered = answers.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const edits = ordered.flatMap(editsOf);
  const tree = edits.length > 0 ? await mirror.editTree(merge.tree, edits) : merge.tree;
  return resultOf(tree, ordered);
}

function stagesOf(entry: Entry & { readonly merged?: Stage }): readonly Stage[] {
  return [entry.base, entry.ours, entry.theirs, entry.merged].filter((one) => one !== undefined);
}
