import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import { onLines } from "./output-lines.ts";

/** Where children and servers report. */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface ChildSpec {
  readonly command: string;
  readonly args: readonly string[];
  /** All of its environment: a child inherits nothing, least of all secrets. */
  readonly env: Readonly<Record<string, string>>;
  readonly name: string;
  readonly log: Log;
  readonly cwd?: string;
  /** What asks it to stop. */
  readonly stopSignal?: "TERM" | "INT";
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
  readonly onLine?: (line: string) => void;
}

export interface Child {
  readonly pid: number | undefined;
  /** Resolves when it is gone, however that came: the exit code, or 128 and the signal's number. */
  readonly exited: Promise<number>;
  /** Asks it to stop, insists after the grace, and resolves when it is gone. */
  stop(graceMs?: number): Promise<number>;
}

const GRACE_MS = 10_000;

/**
 * Becomes the command, with a watcher beside it that reads a pipe of ours. That pipe ends when this
 * process goes, also by SIGKILL; then the watcher stops the command: no child outlives its parent. A
 * line through the pipe dismisses the watcher. Constant text; the command comes as arguments.
 */
const LEASH = `
exec 3<&0 </dev/null
signal=$1; shift
(
  read -r _ <&3 && exit
  kill -s "$signal" $$
  tries=0
  while [ "$tries" -lt 10 ] && kill -s 0 $$; do sleep 1; tries=$((tries + 1)); done
  [ "$tries" -lt 10 ] || kill -s KILL $$
) >/dev/null 2>&1 &
exec "$@" 3<&-
`;

/** Starts a child whose output goes to the log line by line and that never outlives this process. */
export function startChild(spec: ChildSpec): Child {
  const { command, args, env, stopSignal = "TERM", cwd, user } = spec;
  const child = spawn("/bin/sh", ["-c", LEASH, spec.name, stopSignal, command, ...args], {
    env,
    cwd,
    ...user,
    stdio: ["pipe", "pipe", "pipe"],
    // A group of its own: Ctrl-C reaches only us, and we stop the children in our order.
    detached: true,
  });
  forward(child, spec);
  const exited = exitOf(child, spec);
  return {
    pid: child.pid,
    exited,
    async stop(graceMs = GRACE_MS) {
      child.kill(`SIG${stopSignal}`);
      const timer = setTimeout(() => child.kill("SIGKILL"), graceMs);
      try {
        return await exited;
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

function forward(child: ChildProcess, { name, log, onLine }: ChildSpec): void {
  const handle = onLine ?? ((line: string) => log.info({ child: name, line }, "output of a child"));
  for (const stream of [child.stdout, child.stderr]) if (stream) onLines(stream, handle);
  child.stdin?.on("error", () => undefined);
}

async function exitOf(child: ChildProcess, { name, log }: ChildSpec): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  child.once("error", (error) => {
    log.error({ child: name, err: error }, "a child could not be started");
    resolve(127);
  });
  child.once("exit", (code, signal) => {
    // Its id may soon be somebody else's: nothing is left to watch.
    child.stdin?.end("gone\n");
    resolve(code ?? 128 + (signal ? constants.signals[signal] : 0));
  });
  return await promise;
}
