import type { ChangeSet, Edit, FileChange } from "./change-set.ts";

/** A commit that Nexus makes in its own mirror. */
export interface NewCommit {
  readonly parent: string;
  readonly edits: readonly Edit[];
  /** Hostile text is fine: it never meets a shell or a line-based protocol. */
  readonly message: string;
}

/** Three commits or trees to be joined. */
export interface ThreeWay {
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
}

export type TreeMerge =
  | { readonly kind: "clean"; readonly tree: string }
  | { readonly kind: "conflicted"; readonly files: readonly string[] };

/** Nexus' own bare mirror of one repository. No working tree, no hooks, no config but ours. */
export interface Mirror {
  readonly gitDir: string;
  /** One file of a commit as text, or undefined where there is none (also for links and folders). */
  readFile(commit: string, path: string): Promise<string | undefined>;
  /** Paths of all files of a commit. */
  listFiles(commit: string): Promise<readonly string[]>;
  treeOf(commit: string): Promise<string>;
  hasCommit(commit: string): Promise<boolean>;
  /** Writes a commit from edits, reads it back, and refuses (`git.failed`) if git holds anything else. */
  commitEdits(commit: NewCommit): Promise<ChangeSet>;
  /** Writes a commit of a known tree on a parent; returns what changed. */
  commitTree(commit: { parent: string; tree: string; message: string }): Promise<ChangeSet>;
  /** git's own three-way merge, without a working tree. */
  mergeTrees(sides: ThreeWay): Promise<TreeMerge>;
  changedFiles(from: string, to: string): Promise<readonly FileChange[]>;
  /** Unified diff between two commits, at most `maxBytes`. */
  diff(from: string, to: string, maxBytes: number): Promise<string>;
  /** The objects of base..head as a git bundle. */
  bundle(base: string, head: string): Promise<Uint8Array>;
}
