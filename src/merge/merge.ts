import type { ChangeSet } from "../core/change-set.ts";
import type { Mirror } from "../core/git.ts";

/** ChangeSets on one base, in the order in which they are to stand on it. */
export interface Join extends Pick<Mirror, "mergeTrees" | "commitTree"> {
  readonly base: string;
  readonly order: readonly { readonly item: string; readonly changeSet: ChangeSet }[];
  /** The message of an item's commit. */
  readonly messageOf: (item: string) => string;
}

/** The work of an item as it stands in the joined branch. */
export interface JoinedCommit {
  readonly item: string;
  readonly changeSet: ChangeSet;
}

export type JoinResult =
  | { readonly kind: "merged"; readonly commits: readonly JoinedCommit[]; readonly head: string }
  /** The first item whose changes meet those before it, with the files in which they meet. */
  | { readonly kind: "conflicted"; readonly item: string; readonly files: readonly string[] };

/**
 * Joins ChangeSets to a line of one commit each, every tree by git's three-way merge of the item's own
 * base, the line so far and the item. An item that changed nothing, or nothing new, makes no commit.
 */
export async function joinChangeSets(join: Join): Promise<JoinResult> {
  const commits: JoinedCommit[] = [];
  let head = join.base;
  for (const { item, changeSet } of join.order) {
    if (changeSet.files.length === 0) continue;
    const sides = { base: changeSet.base, ours: head, theirs: changeSet.commit };
    const merged = await join.mergeTrees(sides);
    if (merged.kind === "conflicted") return { kind: "conflicted", item, files: merged.files };
    const commit = { parent: head, tree: merged.tree, message: join.messageOf(item) };
    const joined = await join.commitTree(commit);
    if (joined.files.length === 0) continue;
    commits.push({ item, changeSet: joined });
    head = joined.commit;
  }
  return { kind: "merged", commits, head };
}
