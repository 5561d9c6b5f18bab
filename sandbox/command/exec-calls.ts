import type { Duplex } from "node:stream";
import { setTimeout } from "node:timers/promises";
import type Docker from "dockerode";
import { NexusError } from "../../src/core/errors.ts";
import { ask, statusOf } from "../engine/engine.ts";

/** A command that has been started, with the stream of what it writes. */
export interface StartedExec {
  readonly exec: Docker.Exec;
  readonly stream: Duplex;
}

interface StartOptions {
  readonly create: Docker.ExecCreateOptions;
  readonly stdin: boolean;
  /** At a terminal of its own: its stream is what it writes, without frames. */
  readonly tty?: boolean;
  readonly signal: AbortSignal;
}

const TRIES = 8;
const FIRST_PAUSE_MS = 25;
const LONGEST_PAUSE_MS = 500;
const LOOK_EVERY = 8;
/** For the engine to notice that a process is gone whose stream is at its end. */
const NOTICE_MS = 30_000;

/**
 * Starts a command. Engines that are busy forget commands between preparing and starting them, or refuse
 * them for a container that has only just started; nothing has run then, so it is tried again.
 * Throws `sandbox.killed` when the container does not run any more, `sandbox.unavailable` without an engine.
 */
export async function startExec(
  container: Docker.Container,
  options: StartOptions,
): Promise<StartedExec> {
  for (let tries = 1; ; tries++) {
    try {
      return await startOnce(container, options);
    } catch (error) {
      await requireRunning(container);
      if (tries === TRIES || !wasNotReady(error)) throw error;
      await pause(tries, options.signal);
    }
  }
}

async function startOnce(
  container: Docker.Container,
  { create, stdin, tty = false }: StartOptions,
): Promise<StartedExec> {
  const exec = await ask("prepare a command", (abortSignal) =>
    container.exec({ ...create, abortSignal }),
  );
  const starting = exec.start({ hijack: true, stdin, Tty: tty });
  try {
    return { exec, stream: await ask("start a command", () => starting) };
  } catch (error) {
    // A stream that comes too late is read by nobody, and would wedge the container.
    starting.then(
      (stream) => stream.destroy(),
      () => undefined,
    );
    throw error;
  }
}

/**
 * The exit code of a command whose stream is at its end. It may have closed its output long before it ends,
 * so this waits until the signal fires.
 */
export async function exitCodeOf(
  container: Docker.Container,
  exec: Docker.Exec,
  signal: AbortSignal,
): Promise<number> {
  const late = performance.now() + NOTICE_MS;
  for (let tries = 1; ; tries++) {
    const state = await inspected(container, exec);
    if (typeof state.ExitCode === "number" && !state.Running) return state.ExitCode;
    if (!state.Running && performance.now() > late) throw forgotten();
    // An engine that lost the container may say for ever that the command runs.
    const lost = state.Running && tries % LOOK_EVERY === 0 && (await codeOfLost(container));
    if (lost) return lost;
    await pause(tries, signal);
  }
}

async function inspected(container: Docker.Container, exec: Docker.Exec) {
  try {
    return await ask("tell how a command ended", (abortSignal) => exec.inspect({ abortSignal }));
  } catch (error) {
    const lost = await codeOfLost(container);
    if (lost === undefined) throw error;
    return { Running: false, ExitCode: lost };
  }
}

/** As the kernel reports a process that it has ended for want of memory. */
const OUT_OF_MEMORY = 137;

/**
 * The exit code of a command that went with its whole container, where that was for want of memory; undefined
 * while the container runs. Throws `sandbox.killed` where others have ended it.
 */
async function codeOfLost(container: Docker.Container): Promise<number | undefined> {
  const state = await containerState(container);
  if (state === "ended") throw killed();
  return state === "out-of-memory" ? OUT_OF_MEMORY : undefined;
}

/** Throws `sandbox.killed` unless the engine says that the container runs. */
async function requireRunning(container: Docker.Container): Promise<void> {
  const state = await containerState(container);
  if (state !== "running") throw killed();
}

/** What the engine says of a container; `out-of-memory` when that has ended it. */
export async function containerState(
  container: Docker.Container,
): Promise<"running" | "out-of-memory" | "ended"> {
  try {
    const { State } = await ask("tell the state of a container", (abortSignal) =>
      container.inspect({ abortSignal }),
    );
    if (State.Running) return "running";
    return State.OOMKilled ? "out-of-memory" : "ended";
  } catch (error) {
    if (statusIn(error) === 404) return "ended";
    throw error;
  }
}

/** For a container that somebody ended while it was in use. */
export function killed(): NexusError {
  return new NexusError("sandbox.killed", "The container was ended while it was in use.", {
    retryable: true,
  });
}

function forgotten(): NexusError {
  return new NexusError("sandbox.unavailable", "The engine does not know how a command ended.", {
    retryable: true,
  });
}

function wasNotReady(error: unknown): boolean {
  const status = statusIn(error);
  return status === 404 || status === 409;
}

function statusIn(error: unknown): number | undefined {
  return error instanceof NexusError ? statusOf(error.cause) : undefined;
}

async function pause(tries: number, signal: AbortSignal): Promise<void> {
  const ms = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(tries - 1, 10));
  await setTimeout(ms, undefined, { signal });
}
