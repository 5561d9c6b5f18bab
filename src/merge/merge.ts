import type { ChangeSet } from "../core/change-set.ts";
import type { Mirror } from "../core/git.ts";
import type { FileReport } from "../core/merge.ts";
import { mergeTrees } from "./merge-trees.ts";
import type { ConflictedTree, TreePorts, TreeResult } from "./trees/tree-result.ts";

/** A work item's ChangeSet against the commit it started from. */
interface ItemChange {
  /** The work item's id. */
  readonly item: string;
  readonly changeSet: ChangeSet;
}

/** An item that the texts alone do not join, and what it is to be put on. */
export interface Unjoined {
  readonly item: string;
  /** The chain's newest commit. */
  readonly onto: string;
  /** Items that are in the chain already. */
  readonly before: readonly string[];
}

interface Joining extends Pick<TreePorts, "syntax"> {
  readonly mirror: TreePorts["mirror"] & Pick<Mirror, "commitTree">;
  /** The commit on which the first item is put. */
  readonly base: string;
  /** What items build on comes before them. */
  readonly order: readonly ItemChange[];
  /** The message of an item's commit. */
  messageOf(item: string): string;
  /** Asked for what the texts do not prove; without it, that is a conflict. */
  readonly help?: ((left: ConflictedTree, of: Unjoined) => Promise<TreeResult>) | undefined;
}

/** How ChangeSets were joined; nothing of a side is ever dropped to join them. */
export type JoinResult =
  | {
      readonly kind: "merged";
      /** One commit for each item that changes something, each on the one before. */
      readonly commits: readonly ItemChange[];
      readonly head: string;
      /** How each file was joined on which git alone stopped, in the order in which they came. */
      readonly report: readonly FileReport[];
    }
  | {
      readonly kind: "conflicted";
      readonly item: string;
      readonly files: readonly string[];
      readonly report: readonly FileReport[];
    };

/**
 * Puts the items' changes one upon the other, each by a three-way merge between what the item started from, the
 * chain so far and what the item made. Stops at the first item of which something is left.
 */
export async function joinChangeSets(joining: Joining): Promise<JoinResult> {
  const commits: ItemChange[] = [];
  const report: FileReport[] = [];
  let head = joining.base;
  for (const { item, changeSet } of joining.order) {
    if (changeSet.files.length === 0) continue;
    const before = commits.map((commit) => commit.item);
    const merge = await putOn({ item, onto: head, before }, changeSet, joining);
    report.push(...merge.files);
    if (merge.kind === "conflicted") {
      return { kind: "conflicted", item, files: leftIn(merge), report };
    }
    const message = joining.messageOf(item);
    const joined = await joining.mirror.commitTree({ parent: head, tree: merge.tree, message });
    // The chain may hold the same change already: a commit that changes nothing tells nobody anything.
    if (joined.files.length === 0) continue;
    commits.push({ item, changeSet: joined });
    head = joined.commit;
  }
  return { kind: "merged", commits, head, report };
}

async function putOn(of: Unjoined, changeSet: ChangeSet, joining: Joining): Promise<TreeResult> {
  const sides = { base: changeSet.base, ours: of.onto, theirs: changeSet.commit };
  const merge = await mergeTrees(sides, joining);
  return merge.kind === "conflicted" && joining.help ? joining.help(merge, of) : merge;
}

/** Every path that is not settled, sorted. */
function leftIn({ unsettled, regenerate, stuck }: ConflictedTree): readonly string[] {
  const texts = unsettled.map(({ sides }) => sides.path);
  const commands = regenerate.map(({ path }) => path);
  return [...new Set([...texts, ...commands, ...stuck])].sort();
}
