/**
 * The frozen files of a commit: one folder, or several laid over one another as an overlay mount shows
 * them. Nothing ever writes to it.
 */
export interface FrozenTree {
  /** Highest first. A whiteout in one hides what the lower ones have under its name. */
  readonly folders: readonly string[];
}
