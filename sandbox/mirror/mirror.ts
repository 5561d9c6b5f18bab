import type Docker from "dockerode";
import type { Difference } from "../changes/difference.ts";
import type { FrozenTree } from "../changes/frozen-tree.ts";
import type { Passed } from "../changes/walk.ts";

/** What a mirror is made of. */
export interface MirrorParts {
  /** Folder of its own, below which the mirror keeps its files. */
  readonly folder: string;
  /** Frozen files of the commit. Never written. */
  readonly tree: FrozenTree;
  /** Frozen folders with installed files, laid over the commit; highest first. Never written. */
  readonly layers: readonly string[];
  /** Paths that belong to git or to what is installed and are no change. */
  readonly pass: Passed;
}

/** A writable view of a commit for one container. The commit's own files are never touched. */
export interface Mirror {
  readonly mount: Docker.MountSettings;
  /** Only while nothing runs in the container. Throws `sandbox.refused-path` for more than can be looked through. */
  difference(): Promise<Difference>;
  /** After the container is gone. */
  remove(): Promise<void>;
}
