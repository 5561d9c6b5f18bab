/** What one container may use, and how long. */
export interface SandboxLimits {
  readonly memoryMb: number;
  readonly cpus: number;
  readonly pids: number;
  /** Size of /tmp; the home folder gets half of it. Both count as memory. */
  readonly tmpMb: number;
  /** For a command that names no limit of its own. */
  readonly timeoutMs: number;
  /** Without any output. */
  readonly silenceMs: number;
  /** Kept of one command's output: half from its head, half from its tail. */
  readonly outputBytes: number;
  /** Written to the workspace before the container is stopped. */
  readonly diskMb: number;
}

/** Room for the tests of most repositories. */
export const DEFAULT_LIMITS: SandboxLimits = {
  memoryMb: 2048,
  cpus: 2,
  pids: 512,
  tmpMb: 512,
  timeoutMs: 600_000,
  silenceMs: 600_000,
  outputBytes: 262_144,
  diskMb: 4096,
};
