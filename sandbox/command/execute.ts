import type { Duplex } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import type Docker from "dockerode";
import { NexusError } from "../../src/core/errors.ts";
import { ask } from "../engine/engine.ts";
import { containerState, exitCodeOf, killed, startExec } from "./exec-calls.ts";
import { createFrameReader } from "./frames.ts";

/** A command in a running container. */
export interface Execution {
  readonly argv: readonly string[];
  readonly user: string;
  readonly timeoutMs: number;
  /** Without any output; undefined for no such limit. */
  readonly silenceMs?: number | undefined;
  readonly signal: AbortSignal;
  readonly stdin?: Uint8Array | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Fires when the command has to end for want of disk. */
  readonly disk?: AbortSignal | undefined;
  readonly onPayload: (chunk: Buffer, stderr: boolean) => void;
}

/** A limit of ours that ended a command. */
export type Cut = "timeout" | "silent" | "disk-full";

/** How the engine says it ended: either with an exit code or cut off by a limit. */
export interface Ended {
  readonly exitCode: number | undefined;
  readonly cut: Cut | undefined;
  readonly durationMs: number;
}

const WATCH_MS = 1_000;
const CONFIRM_MS = 250;
const SHORT_MS = 5_000;
/** Looks at the command for one at the container. */
const CONTAINER_EVERY = 5;

/**
 * Runs one command and always drains what it writes: a stream left unread would wedge the whole container.
 * When a limit is reached or the signal fires only the stream is gone; ending the processes is the caller's
 * task. Throws `aborted`, `sandbox.killed` or `sandbox.unavailable`.
 */
export async function execute(container: Docker.Container, run: Execution): Promise<Ended> {
  const started = performance.now();
  const stdin = run.stdin !== undefined;
  const { exec, stream } = await startExec(container, {
    create: createOptions(run),
    stdin,
    signal: run.signal,
  });
  const limits = watchLimits(run);
  try {
    const over = drained({ container, stream, exec, run, limits });
    const how = await Promise.race([over, limits.reached]);
    if (how === "broken" && !limits.signal.aborted) await throwBroken(container);
    const durationMs = performance.now() - started;
    const isCut = limits.signal.aborted;
    // Asked while it is still read: of a command whose reader has left the engine says that it ended with 126.
    const codeBefore = isCut ? await codeOfEnded(exec) : undefined;
    stream.destroy();
    const exitCode = isCut ? codeBefore : await codeWithin(container, exec, limits);
    if (run.signal.aborted) throw new NexusError("aborted", "The command was cancelled.");
    if (exitCode !== undefined) return { exitCode, cut: undefined, durationMs };
    return { exitCode, cut: await limits.reached, durationMs: performance.now() - started };
  } finally {
    stream.destroy();
    limits.stop();
  }
}

function createOptions(run: Execution): Docker.ExecCreateOptions {
  const env = Object.entries(run.env ?? {}).map(([name, value]) => `${name}=${value}`);
  return {
    Cmd: [...run.argv],
    User: run.user,
    AttachStdin: run.stdin !== undefined,
    AttachStdout: true,
    AttachStderr: true,
    WorkingDir: "/workspace",
    ...(env.length > 0 && { Env: env }),
  };
}

async function codeWithin(container: Docker.Container, exec: Docker.Exec, limits: Limits) {
  return await exitCodeOf(container, exec, limits.signal).catch((error: unknown) => {
    if (limits.signal.aborted) return undefined;
    throw error;
  });
}

// Of a command whose reader has left the engine says that it ended with 126: neither that nor half an output
// is how it ended.
async function throwBroken(container: Docker.Container): Promise<void> {
  const state = await containerState(container);
  // That took the stream with it, and the exit code is known.
  if (state === "out-of-memory") return;
  if (state === "ended") throw killed();
  throw new NexusError("sandbox.unavailable", "The engine broke off what a command writes.", {
    retryable: true,
  });
}

// The command itself may be over when a limit is reached, only something it left holds the stream open. An
// engine that gives no answer must not keep the processes from being ended.
async function codeOfEnded(exec: Docker.Exec): Promise<number | undefined> {
  const question = (abortSignal: AbortSignal) => exec.inspect({ abortSignal });
  const state = await ask("tell how a command ended", question, SHORT_MS).catch(() => undefined);
  return state === undefined || state.Running ? undefined : (state.ExitCode ?? undefined);
}

interface Limits {
  /** Resolves when the first limit is reached; undefined when the run was cancelled. */
  readonly reached: Promise<Cut | undefined>;
  /** Fires at the same time. */
  readonly signal: AbortSignal;
  /** Something was heard of the command. */
  heard(): void;
  stop(): void;
}

function watchLimits(run: Execution): Limits {
  const over = new AbortController();
  const { promise: reached, resolve } = Promise.withResolvers<Cut | undefined>();
  const reach = (cut: Cut | undefined) => {
    resolve(cut);
    over.abort();
  };
  const cancel = () => reach(undefined);
  const full = () => reach("disk-full");
  const timer = setTimeout(() => reach("timeout"), run.timeoutMs);
  const silence =
    run.silenceMs === undefined ? undefined : setTimeout(() => reach("silent"), run.silenceMs);
  run.signal.addEventListener("abort", cancel, { once: true });
  run.disk?.addEventListener("abort", full, { once: true });
  if (run.signal.aborted) cancel();
  return {
    reached,
    signal: over.signal,
    heard: () => void silence?.refresh(),
    stop() {
      clearTimeout(timer);
      clearTimeout(silence);
      run.signal.removeEventListener("abort", cancel);
      run.disk?.removeEventListener("abort", full);
    },
  };
}

interface Running {
  readonly container: Docker.Container;
  readonly stream: Duplex;
  readonly exec: Docker.Exec;
  readonly run: Execution;
  readonly limits: Limits;
}

/**
 * Until the stream is at its end, or the command has ended although somebody holds the stream open; `broken`
 * where the stream went before its end.
 */
async function drained(at: Running): Promise<"over" | "broken"> {
  const { container, stream, exec, run, limits } = at;
  const { promise, resolve } = Promise.withResolvers<"over" | "broken">();
  const over = new AbortController();
  watchExit({ container, exec }, over.signal).then(
    () => resolve("over"),
    () => undefined,
  );
  const read = createFrameReader(run.onPayload);
  stream.on("data", (data: Buffer) => {
    limits.heard();
    read(data);
  });
  stream.on("end", () => resolve("over"));
  for (const event of ["close", "error"]) stream.on(event, () => resolve("broken"));
  limits.signal.addEventListener("abort", () => resolve("over"), { once: true });
  if (run.stdin !== undefined) stream.end(Buffer.from(run.stdin));
  try {
    return await promise;
  } finally {
    over.abort();
  }
}

// A process left in the background may hold the stream open after the command itself has ended. One
// further look later, what the command wrote has arrived. Some runtimes forget to end the stream of a command
// that went with its whole container.
async function watchExit(
  { container, exec }: Pick<Running, "container" | "exec">,
  signal: AbortSignal,
): Promise<void> {
  let ended = false;
  for (let looks = 1; ; looks++) {
    await pause(ended ? CONFIRM_MS : WATCH_MS, undefined, { signal });
    const before = ended;
    const runs = await exec.inspect({ abortSignal: signal }).then(
      ({ Running }) => Running,
      () => true,
    );
    ended = !runs || (looks % CONTAINER_EVERY === 0 && (await hasEnded(container)));
    if (ended && (before || runs)) return;
  }
}

async function hasEnded(container: Docker.Container): Promise<boolean> {
  return containerState(container).then(
    (state) => state !== "running",
    () => false,
  );
}
