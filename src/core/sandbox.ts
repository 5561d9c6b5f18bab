import type { Edit } from "./change-set.ts";
import type { CommandResult } from "./evidence.ts";

/** What a container is opened over. */
export interface Workspace {
  /** Nexus' own bare mirror of the repository, on this machine. */
  readonly gitDir: string;
  readonly commit: string;
  /** For labels: who may sweep it away. */
  readonly taskId: string;
}

export interface RunOptions {
  readonly timeoutMs?: number;
  readonly stdin?: Uint8Array;
  /** Receives cleaned output as it arrives. */
  readonly onOutput?: (text: string) => void;
}

/** One container over one mirror. Closing it drops both. */
export interface SandboxSession extends AsyncDisposable {
  /** A command that exits non-zero, runs out of time or memory is a result. Only a broken sandbox throws. */
  run(command: readonly string[], options?: RunOptions): Promise<CommandResult>;
  /**
   * Freezes the container and reads what differs from the commit; ignored files (by git's rules) and
   * installed dependencies are left out. No command can be run afterwards.
   * Throws `sandbox.refused-path` naming the path that git must never carry.
   */
  changes(): Promise<readonly Edit[]>;
}

/** A place to run untrusted commands: no network, no capabilities, not root, bounded. */
export interface Sandbox {
  /**
   * Opens a container of its own over a mirror of its own. Dependencies that the repository locks are
   * installed once before; `sandbox.setup-failed` when they cannot be. The signal kills the container.
   */
  open(workspace: Workspace, signal: AbortSignal): Promise<SandboxSession>;
  /** Digest of the image that commands run in. */
  image(): Promise<string>;
}
