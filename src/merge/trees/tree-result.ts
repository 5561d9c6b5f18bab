import type { Mirror } from "../../core/git.ts";
import type { FileReport, Sides } from "../../core/merge.ts";
import type { Syntax } from "../../core/syntax.ts";
import type { UnsettledFile } from "../fill-in.ts";
import type { Regeneration } from "../rules/rule.ts";
import type { RegularMode } from "./merge-mode.ts";

/** What whole trees are merged with. */
export interface TreePorts {
  readonly mirror: Pick<
    Mirror,
    "mergeTrees" | "mergeCommits" | "readBlobs" | "editTree" | "listFiles" | "readFile"
  >;
  readonly syntax: Syntax;
}

/** A text file with conflicts that a reader of both sides may settle. */
export interface UnsettledTreeFile extends UnsettledFile {
  /** The mode that the file has once it is settled. */
  readonly mode: RegularMode;
}

/** A file that is made by a command from others, and was changed by both sides. */
export interface RegenerateFile {
  readonly path: string;
  readonly sides: Sides;
  readonly mode: RegularMode;
  readonly why: string;
  readonly by: Regeneration;
  /** True where git joined it without a conflict and the checks look at it themselves: the tree holds git's text. */
  readonly mayStand: boolean;
}

/** A merge of whole trees, with a report for every file that git's own merge could not answer for. */
export type TreeResult =
  | {
      readonly kind: "merged";
      readonly tree: string;
      readonly files: readonly FileReport[];
    }
  | ConflictedTree;

/** A merge that is not done: what is settled stands in its tree, and texts that are not stand there with markers. */
export interface ConflictedTree {
  readonly kind: "conflicted";
  readonly tree: string;
  readonly files: readonly FileReport[];
  /** What is left of texts, for a model or a person. */
  readonly unsettled: readonly UnsettledTreeFile[];
  /** What is left for a command. It stands in the tree as the command wants to find it. */
  readonly regenerate: readonly RegenerateFile[];
  /** Paths that only a person can decide on: names, kinds, links, submodules, bytes. Sorted. */
  readonly stuck: readonly string[];
}
