import type { Difference } from "../changes/difference.ts";
import type { RawPath } from "../changes/raw-path.ts";
import type { ReadBytes } from "./read-below.ts";

/** One thing in a workspace. */
export interface Seen {
  readonly kind: "file" | "link" | "folder" | "sealed" | "other";
  /** Permissions, as the file system keeps them. */
  readonly mode: number;
  readonly size: number;
}

/** One thing in a folder. */
export interface Named extends Seen {
  readonly name: RawPath;
}

/**
 * A look at a workspace from outside. Nothing is written, and nobody is stopped from writing: where commands
 * still run, it is a moving target. Links are never followed.
 */
export interface Look extends AsyncDisposable {
  /** What may differ from the commit. */
  difference(): Promise<Difference>;
  /** What lies at a path; "" is the workspace itself. */
  at(path: RawPath): Promise<Seen | undefined>;
  /** What lies in a folder, in order of the names' bytes; nothing where there is no folder. */
  list(path: RawPath): Promise<readonly Named[]>;
  /** Bytes of a file. */
  read(path: RawPath, maxBytes: number): Promise<ReadBytes>;
}
