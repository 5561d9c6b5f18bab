import type { Duplex } from "node:stream";
import type Docker from "dockerode";
import { NexusError } from "../../src/core/errors.ts";
import { ask } from "../engine/engine.ts";
import { createFrameReader } from "./frames.ts";

/** A command in a running container. */
export interface Execution {
  readonly argv: readonly string[];
  readonly user: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly stdin?: Uint8Array | undefined;
  readonly onPayload: (chunk: Buffer, stderr: boolean) => void;
}

/** How the engine says it ended; undefined when its time ran out first. */
export interface Ended {
  readonly exitCode: number | undefined;
  readonly durationMs: number;
}

const WATCH_MS = 1_000;

/**
 * Runs one command and always drains what it writes: a stream left unread would wedge the whole container.
 * When time is up or the signal fires only the stream is gone; ending the processes is the caller's task.
 */
export async function execute(container: Docker.Container, run: Execution): Promise<Ended> {
  const started = performance.now();
  const exec = await ask("prepare a command", (abortSignal) =>
    container.exec({
      Cmd: [...run.argv],
      User: run.user,
      AttachStdin: run.stdin !== undefined,
      AttachStdout: true,
      AttachStderr: true,
      WorkingDir: "/workspace",
      abortSignal,
    }),
  );
  const stream = await ask("start a command", () =>
    exec.start({ hijack: true, stdin: run.stdin !== undefined }),
  );
  const inTime = await drained({ stream, exec, run });
  stream.destroy();
  if (run.signal.aborted) throw new NexusError("aborted", "The command was cancelled.");

  const durationMs = performance.now() - started;
  if (!inTime) return { exitCode: undefined, durationMs };
  const { ExitCode } = await ask("tell how a command ended", (abortSignal) =>
    exec.inspect({ abortSignal }),
  );
  return { exitCode: ExitCode ?? undefined, durationMs };
}

interface Running {
  readonly stream: Duplex;
  readonly exec: Docker.Exec;
  readonly run: Execution;
}

/** False when the time ran out. */
async function drained({ stream, exec, run }: Running): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const stop = () => resolve(false);
  const timer = setTimeout(stop, run.timeoutMs);
  const watch = setInterval(
    () => hasExited(exec).then((exited) => exited && resolve(true)),
    WATCH_MS,
  );
  run.signal.addEventListener("abort", stop, { once: true });
  if (run.signal.aborted) stop();

  stream.on("data", createFrameReader(run.onPayload));
  // A stream that breaks says nothing of the command; the engine is asked for its exit code after.
  for (const event of ["end", "close", "error"]) stream.on(event, () => resolve(true));
  if (run.stdin !== undefined) stream.end(Buffer.from(run.stdin));
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    clearInterval(watch);
    run.signal.removeEventListener("abort", stop);
  }
}

const lastSeen = new WeakMap<Docker.Exec, boolean>();

// A process left in the background may hold the stream open after the command itself has ended. One
// further look later, what the command wrote has arrived.
async function hasExited(exec: Docker.Exec): Promise<boolean> {
  const ended = await exec.inspect().then(
    ({ Running }) => !Running,
    () => false,
  );
  const before = lastSeen.get(exec) ?? false;
  lastSeen.set(exec, ended);
  return ended && before;
}
