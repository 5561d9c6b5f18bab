import type { ChangeSet, Edit, FileChange } from "./change-set.ts";

/** A commit that Nexus makes in its own mirror. */
export interface NewCommit {
  readonly parent: string;
  readonly edits: readonly Edit[];
  /** Hostile text is fine: it never meets a shell or a line-based protocol. */
  readonly message: string;
}

/** A merge commit that Nexus makes in its own mirror. */
export interface NewMerge {
  /** At least two; the first is the branch that is merged into. */
  readonly parents: readonly string[];
  readonly tree: string;
  readonly message: string;
}

/** Three commits or trees to be joined. */
export interface ThreeWay {
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
}

/** What kind of disagreement git's merge stopped on. */
export type ConflictKind =
  | "content"
  | "add/add"
  | "modify/delete"
  | "rename/delete"
  /** One file, renamed differently by each side. */
  | "rename/rename-1to2"
  /** Two files, renamed to one name. */
  | "rename/rename-2to1"
  | "rename/add"
  | "directory/file"
  /** A file, link or submodule on one side is another of them on the other side. */
  | "distinct-types"
  | "binary"
  | "submodule"
  | "symlink"
  /** The same bytes with another mode. */
  | "mode"
  /** A folder was renamed, and the other side put something into it. */
  | "directory-rename"
  /** A name that Nexus neither writes nor asks for, such as one that is not UTF-8. */
  | "name"
  /** What this version does not know. */
  | "other";

/** What one side has at a path. Modes are git's. */
export interface Stage {
  readonly path: string;
  readonly mode: string;
  readonly id: string;
}

/** One disagreement with everything that the sides have there: at most one of each side but for renames. */
export interface TreeConflict {
  readonly kind: ConflictKind;
  /** The name by which people know it. */
  readonly path: string;
  /** All paths that it is about, sorted; git's substitutes for a name that is taken twice among them. */
  readonly paths: readonly string[];
  readonly base: readonly Stage[];
  readonly ours: readonly Stage[];
  readonly theirs: readonly Stage[];
}

/** A file that both sides changed and git joined by lines without a conflict. */
export interface AutoMerged {
  /** Its name in the merged tree. */
  readonly path: string;
  readonly base: Stage;
  readonly ours: Stage;
  readonly theirs: Stage;
  readonly merged: Stage;
}

/** git's own merge: a tree, and what nobody but a reader of the files can settle. `unread` are files that git joined, too, and of which a side cannot be told for sure. */
export type TreeMerge =
  | {
      readonly kind: "clean";
      readonly tree: string;
      readonly autoMerged: readonly AutoMerged[];
      readonly unread: readonly string[];
    }
  | {
      readonly kind: "conflicted";
      /** Every path of every conflict, sorted. */
      readonly files: readonly string[];
      /** With conflict markers in the files; it is only a start for what settles them. */
      readonly tree: string;
      readonly conflicts: readonly TreeConflict[];
      readonly autoMerged: readonly AutoMerged[];
      readonly unread: readonly string[];
    };

/** A merge of two commits by their own history. */
export type HistoryMerge =
  | (TreeMerge & {
      /** All best common ancestors. With more than one, git's base is made of them and may hold markers itself. */
      readonly bases: readonly string[];
    })
  | {
      readonly kind: "no-base";
      /** `shallow`: the history that is here ends too early to know. `unrelated`: there is none. */
      readonly why: "shallow" | "unrelated";
      /** The commits whose parents are not here. */
      readonly missing: readonly string[];
    };

/** Commits that `of` has and `without` has not, merges left out, newest first; those alone that touched a path, if given. */
export interface MessageRange {
  readonly of: string;
  readonly without: string;
  readonly path?: string;
  readonly most: number;
}

/** Lines of a file as a commit has it, counted from 1, and the commit after which blame begins. */
export interface BlameRange {
  readonly commit: string;
  readonly since: string;
  readonly path: string;
  readonly from: number;
  readonly to: number;
}

/** A line, and the commit that touched it last. */
export interface BlamedLine {
  readonly line: number;
  readonly commit: string;
}

/** How much of blobs is read: larger ones, and those beyond the sum, are left out. */
export interface BlobBounds {
  readonly each: number;
  readonly all: number;
}

/** What is looked for in the text files of a commit. */
export interface Grep {
  readonly commit: string;
  /** A line that holds any of them is a hit. Plain texts, or extended regular expressions when `regex`. */
  readonly patterns: readonly string[];
  readonly regex?: boolean;
  readonly ignoreCase?: boolean;
  /** A folder or file below which alone is looked. */
  readonly path?: string;
  readonly mostPerFile: number;
  readonly most: number;
  readonly signal?: AbortSignal;
}

/** One line of one file. The text is cut to a bound, and hostile. */
export interface GrepHit {
  readonly path: string;
  readonly line: number;
  readonly text: string;
}

/** Lines that hold what was looked for, by path, or why a pattern is not looked for. */
export type Grepped =
  | { readonly kind: "found"; readonly hits: readonly GrepHit[]; readonly isCut: boolean }
  | { readonly kind: "refused"; readonly why: string };

/** Nexus' own bare mirror of one repository. No working tree, no hooks, no config but ours. */
export interface Mirror {
  readonly gitDir: string;
  /** One file of a commit as text, or undefined where there is none (also for links and folders). */
  readFile(commit: string, path: string): Promise<string | undefined>;
  /** Paths of all files of a commit. */
  listFiles(commit: string): Promise<readonly string[]>;
  /** Looks through the text files of a commit, bounded in time and output. A pattern that is none is an answer. */
  grep(what: Grep): Promise<Grepped>;
  treeOf(commit: string): Promise<string>;
  hasCommit(commit: string): Promise<boolean>;
  /** Writes a commit from edits, reads it back, and refuses (`git.failed`) if git holds anything else. */
  commitEdits(commit: NewCommit): Promise<ChangeSet>;
  /** Writes a commit of a known tree on a parent; returns what changed. */
  commitTree(commit: { parent: string; tree: string; message: string }): Promise<ChangeSet>;
  /** Writes a merge of a known tree, reads it back; what changed is told against the first parent. */
  commitMerge(merge: NewMerge): Promise<ChangeSet>;
  /** Writes a tree with edits put on another one, as strictly as `commitEdits`. Returns its id. */
  editTree(tree: string, edits: readonly Edit[]): Promise<string>;
  /** git's own three-way merge, without a working tree. Nothing that the repository configures acts. */
  mergeTrees(sides: ThreeWay): Promise<TreeMerge>;
  /** The same for two commits whose base is what their history says, criss-cross included. */
  mergeCommits(sides: Omit<ThreeWay, "base">): Promise<HistoryMerge>;
  /** The bytes of blobs by their ids, read at once. Ids that are none, and what is too large, are absent. */
  readBlobs(ids: readonly string[], bounds: BlobBounds): Promise<ReadonlyMap<string, Uint8Array>>;
  changedFiles(from: string, to: string): Promise<readonly FileChange[]>;
  /** Unified diff between two commits, at most `maxBytes`. */
  diff(from: string, to: string, maxBytes: number): Promise<string>;
  /** What the newest commits say of themselves that one commit has and another one has not. Hostile text. */
  newestMessages(range: MessageRange): Promise<readonly string[]>;
  /** Which commits after `since` touched lines of a file last; lines that none of them touched are absent. */
  blame(range: BlameRange): Promise<readonly BlamedLine[]>;
  /** Whether Nexus made every commit that `of` has and `without` has not. */
  madeByUs(range: Pick<MessageRange, "of" | "without">): Promise<boolean>;
  /** The objects of base..head as a git bundle; what these other commits have is left out too. */
  bundle(base: string, head: string, without?: readonly string[]): Promise<Uint8Array>;
}
