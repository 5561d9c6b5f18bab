import type { ChangeSet } from "../core/change-set.ts";
import type { Mirror } from "../core/git.ts";

/** A work item's ChangeSet against the commit it started from. */
interface ItemChange {
  /** The work item's id. */
  readonly item: string;
  readonly changeSet: ChangeSet;
}

interface Joining extends Pick<Mirror, "mergeTrees" | "commitTree"> {
  /** The commit on which the first item is put. */
  readonly base: string;
  /** What items build on comes before them. */
  readonly order: readonly ItemChange[];
  /** The message of an item's commit. */
  messageOf(item: string): string;
}

/** How ChangeSets were joined; nothing of a side is ever dropped to join them. */
export type JoinResult =
  | {
      readonly kind: "merged";
      /** One commit for each item that changes something, each on the one before. */
      readonly commits: readonly ItemChange[];
      readonly head: string;
    }
  | { readonly kind: "conflicted"; readonly item: string; readonly files: readonly string[] };

/**
 * Puts the items' changes one upon the other, each by git's three-way merge between what the item started from,
 * the chain so far and what the item made. Stops at the first item that changes the same places.
 */
export async function joinChangeSets(joining: Joining): Promise<JoinResult> {
  const commits: ItemChange[] = [];
  let head = joining.base;
  for (const { item, changeSet } of joining.order) {
    if (changeSet.files.length === 0) continue;
    const sides = { base: changeSet.base, ours: head, theirs: changeSet.commit };
    const merge = await joining.mergeTrees(sides);
    if (merge.kind === "conflicted") return { kind: "conflicted", item, files: merge.files };

    const message = joining.messageOf(item);
    const joined = await joining.commitTree({ parent: head, tree: merge.tree, message });
    // The chain may hold the same change already: a commit that changes nothing tells nobody anything.
    if (joined.files.length === 0) continue;
    commits.push({ item, changeSet: joined });
    head = joined.commit;
  }
  return { kind: "merged", commits, head };
}
