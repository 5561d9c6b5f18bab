import type Docker from "dockerode";
import type { FrozenTree } from "../changes/frozen-tree.ts";
import type { RawPath } from "../changes/raw-path.ts";
import type { Entry, Passed } from "../changes/walk.ts";

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

/** What may differ from the commit, to be compared by content. */
export interface Difference {
  /** Folder in which the touched entries can be read. */
  readonly folder: string;
  /** Files, links and others that were written, without folders. */
  readonly touched: readonly Entry[];
  /** Files and links of the commit that are no longer there. */
  readonly gone: ReadonlySet<RawPath>;
}

/** The names that a command sees in each of these folders. Only trustworthy when nothing else runs. */
export type ListNames = (
  folders: readonly RawPath[],
) => Promise<ReadonlyMap<RawPath, ReadonlySet<RawPath>>>;

/** A writable view of a commit for one container. The commit's own files are never touched. */
export interface Mirror {
  readonly mount: Docker.MountSettings;
  difference(listNames: ListNames): Promise<Difference>;
  /** After the container is gone. */
  remove(): Promise<void>;
}
