import type { AutoMerged, HistoryMerge, ThreeWay, TreeConflict, TreeMerge } from "../core/git.ts";
import { addedTwins } from "./trees/added-twins.ts";
import { type Answered, editsOf, resultOf } from "./trees/answers.ts";
import { checkable, judgeUnread, recheckJoined } from "./trees/check-joined.ts";
import { readAround } from "./trees/read-around.ts";
import { readTexts } from "./trees/read-sides.ts";
import { entryOf, settleConflict, type TextsAndSyntax } from "./trees/settle-text.ts";
import type { TreePorts, TreeResult } from "./trees/tree-result.ts";

/** The answer where two histories are merged that have no known ancestor. */
type NoBase = Extract<HistoryMerge, { readonly kind: "no-base" }>;

/** Files whose texts are held at once, and after which others get their turn. */
const GROUP = 16;

/** Merges three trees: by git, and where git stops, by everything that is provable from the texts. */
export async function mergeTrees(sides: ThreeWay, ports: TreePorts): Promise<TreeResult> {
  return settleTree(sides, await ports.mirror.mergeTrees(sides), ports);
}

/** The same for two commits and what their history says of their base. */
export async function mergeCommits(
  sides: Omit<ThreeWay, "base">,
  ports: TreePorts,
): Promise<TreeResult | NoBase> {
  const merge = await ports.mirror.mergeCommits(sides);
  return merge.kind === "no-base" ? merge : settleTree(sides, merge, ports);
}

async function settleTree(
  { ours, theirs }: Omit<ThreeWay, "base">,
  merge: TreeMerge,
  ports: TreePorts,
): Promise<TreeResult> {
  const { mirror } = ports;
  const conflicts = merge.kind === "conflicted" ? merge.conflicts : [];
  const joined = checkable(merge.autoMerged);
  const without = conflicts.flatMap((conflict) => conflict.paths);
  const of = [...conflicts.flatMap((conflict) => entryOf(conflict) ?? []), ...joined];
  const around = await readAround(mirror, merge.tree, {
    of: of.map(({ path }) => path),
    without,
  });
  const answers: Answered[] = [];
  for (const group of inGroups([...conflicts, ...joined])) {
    const texts = await readTexts(mirror, group.flatMap(stagesOf));
    const at = { texts, around, syntax: ports.syntax };
    answers.push(...group.flatMap((file) => answerTo(file, at)));
  }
  answers.push(...merge.unread.flatMap(answerUnread));
  const answered = new Set(answers.map(({ path }) => path));
  const twins = await addedTwins(mirror, { ours, theirs, merged: merge.tree });
  answers.push(...twins.filter(({ path }) => !answered.has(path)));
  const ordered = answers.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const edits = ordered.flatMap(editsOf);
  const tree = edits.length > 0 ? await mirror.editTree(merge.tree, edits) : merge.tree;
  return resultOf(tree, ordered);
}

type Unsure = TreeConflict | AutoMerged;

function inGroups(files: readonly Unsure[]): readonly (readonly Unsure[])[] {
  const groups = Math.ceil(files.length / GROUP);
  return Array.from({ length: groups }, (_, at) => files.slice(at * GROUP, (at + 1) * GROUP));
}

function stagesOf(file: Unsure) {
  if (!("kind" in file)) return [file.base, file.ours, file.theirs, file.merged];
  const entry = entryOf(file);
  return [entry?.base, entry?.ours, entry?.theirs].filter((stage) => stage !== undefined);
}

function answerTo(file: Unsure, at: TextsAndSyntax): readonly Answered[] {
  const answer = "kind" in file ? settleConflict(file, at) : recheckJoined(file, at);
  return answer ? [{ path: file.path, answer }] : [];
}

function answerUnread(path: string): readonly Answered[] {
  const answer = judgeUnread(path, "its sides cannot be told for sure");
  return answer ? [{ path, answer }] : [];
}
