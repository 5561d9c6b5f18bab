import type { EnvironmentWish } from "../../src/core/sandbox.ts";
import type { FrozenTree } from "../changes/frozen-tree.ts";
import type { Passed } from "../changes/walk.ts";
import type { Labels } from "../container/container.ts";

/** Where a commit's commands run: an image, and installed files laid over the commit. */
export interface Environment {
  /** Digest of the image that containers are made from. */
  readonly image: string;
  /** Frozen folders with installed files only, to be laid over the commit; highest first. */
  readonly layers: readonly string[];
  /** Paths that belong to what is installed and are no change. */
  readonly pass: Passed;
  /** Variables that the installed tools need, beyond the container's own. */
  readonly env: Readonly<Record<string, string>>;
  /** Hosts that runs may reach: what the repository asks for, within the operator's ceiling. */
  readonly network: readonly string[];
  /** Until then it is not tidied away. */
  release(): Promise<void>;
}

/** The commit that an environment is wanted for. */
export interface EnvironmentNeed {
  readonly tree: FrozenTree;
  readonly wish: EnvironmentWish | undefined;
  readonly labels: Labels;
  /**
   * Files of the default branch, over which the set-up commands that it names are run. Of the commit itself its
   * manifests and lockfiles take part, and so whatever commands and scripts these name. Absent: the commit's own.
   */
  readonly source?: SourceTree | undefined;
}

/** Files that set-up commands run over. */
export interface SourceTree {
  /** The same only for the same content. */
  readonly id: string;
  take(): Promise<{ readonly tree: FrozenTree; release(): Promise<void> }>;
}

/** Makes environments, each once per lockfiles, base image and set-up commands, and keeps them within a budget of disk. */
export interface Environments {
  /** Throws `sandbox.setup-failed` with the end of the log, or `sandbox.not-allowed`. */
  take(need: EnvironmentNeed, signal: AbortSignal): Promise<Environment>;
  tidy(): Promise<void>;
}
