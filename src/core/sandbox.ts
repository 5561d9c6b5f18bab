import type { Edit } from "./change-set.ts";
import type { CommandResult } from "./evidence.ts";

/** What the default branch says of the place where commands run. Never read from a pull request. */
export interface EnvironmentWish {
  /** The commit of the default branch that says so. Set-up commands see its files, and of the commit itself its manifests and lockfiles. */
  readonly commit?: string | undefined;
  /** Image to start from instead of Nexus' own, by name; the operator's ceiling decides. */
  readonly image?: string | undefined;
  /** Commands that install what the checks need, instead of those found by the files; empty for none. */
  readonly setup?: readonly string[] | undefined;
  /** Hosts that commands may reach, within the operator's ceiling, always through the proxy. */
  readonly network?: readonly string[] | undefined;
}

/** What a container is opened over. */
export interface Workspace {
  /** Nexus' own bare mirror of the repository, on this machine. */
  readonly gitDir: string;
  readonly commit: string;
  /** For labels: who may sweep it away. */
  readonly taskId: string;
  readonly environment?: EnvironmentWish | undefined;
}

export interface RunOptions {
  readonly timeoutMs?: number;
  readonly stdin?: Uint8Array;
  /** Added to the container's own few variables. */
  readonly env?: Readonly<Record<string, string>>;
  /** Receives cleaned output as it arrives. */
  readonly onOutput?: (text: string) => void;
}

/** One container over one mirror. Closing it drops both, unless it is held. */
export interface SandboxSession extends AsyncDisposable {
  /** Digest of the image that commands run in. */
  readonly image: string;
  /** A command that exits non-zero, runs out of time, memory or disk is a result. Only a broken sandbox throws. */
  run(command: readonly string[], options?: RunOptions): Promise<CommandResult>;
  /**
   * Bytes of one regular file inside the container by its absolute path, links not followed; undefined
   * where there is none or it is larger than `maxBytes`.
   */
  readFile(path: string, maxBytes: number): Promise<Uint8Array | undefined>;
  /**
   * Freezes the container and reads what differs from the commit; ignored files (by git's rules) and
   * installed dependencies are left out. No command can be run afterwards.
   * Throws `sandbox.refused-path` naming every path that git must never carry.
   */
  changes(): Promise<readonly Edit[]>;
  /** Keeps container and mirror for people to look into after the session is closed; says until when (ISO 8601). */
  hold(why: string): Promise<string>;
}

/** A place to run untrusted commands: no network, no capabilities, not root, bounded. */
export interface Sandbox {
  /**
   * Opens a container of its own over a mirror of its own, one started ahead where there is one.
   * The environment is made once before; `sandbox.setup-failed` when it cannot be. The signal kills the container.
   */
  open(workspace: Workspace, signal: AbortSignal): Promise<SandboxSession>;
  /** Starts the next container for this workspace ahead of its use. What fails here fails again, and is told, at `open`. */
  warm(workspace: Workspace): void;
  /** Gives up what was started ahead for a task. */
  cool(taskId: string): Promise<void>;
  /** Takes away at once what is held of a task. */
  release(taskId: string): Promise<void>;
}
