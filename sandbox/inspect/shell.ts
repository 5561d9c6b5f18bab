import type { Duplex, Readable, Writable } from "node:stream";
import type Docker from "dockerode";
import { NexusError } from "../../src/core/errors.ts";
import { exitCodeOf, startExec } from "../command/exec-calls.ts";
import { execute } from "../command/execute.ts";
import { createTerminalFilter } from "./terminal-filter.ts";
import type { ViewContainer } from "./view-container.ts";

/** Where somebody sits. */
export interface Terminal {
  readonly input: Readable & {
    readonly isTTY?: boolean;
    setRawMode?(raw: boolean): unknown;
    ref?(): unknown;
    unref?(): unknown;
  };
  readonly output: Writable & { readonly columns?: number; readonly rows?: number };
  /** The kind of terminal, as `TERM` names it. */
  readonly kind: string;
}

const SHELL = "command -v bash >/dev/null && exec bash || exec sh";
const COMMAND_MS = 3_600_000;

/** Runs a shell at a terminal until it ends; its exit code. The terminal is then as it was, however it ends. */
export async function runShell(
  { container, user }: ViewContainer,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const create = {
    Cmd: ["/bin/sh", "-c", SHELL],
    User: user,
    WorkingDir: "/workspace",
    Env: [`TERM=${/^[\w.+-]{1,60}$/.test(terminal.kind) ? terminal.kind : "dumb"}`],
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    Tty: true,
  };
  const { exec, stream } = await startExec(container, {
    create,
    stdin: true,
    tty: true,
    signal,
  });
  using _raw = takeTerminal(terminal);
  using _size = followSize(exec, terminal);
  await connect({ stream, terminal }, signal);
  if (signal.aborted) throw new NexusError("aborted", "The shell was ended.");
  return await exitCodeOf(container, exec, signal);
}

/** Runs one command in the view, its output passed on as it comes; its exit code. */
export async function runInView(
  { container, user }: ViewContainer,
  command: {
    readonly argv: readonly string[];
    readonly onOutput: (chunk: Buffer, stderr: boolean) => void;
  },
  signal: AbortSignal,
): Promise<number> {
  const { exitCode } = await execute(container, {
    argv: command.argv,
    user,
    timeoutMs: COMMAND_MS,
    signal,
    onPayload: command.onOutput,
  });
  if (exitCode === undefined)
    throw new NexusError("sandbox.unavailable", "The command did not end within an hour.");
  return exitCode;
}

interface Connection {
  readonly stream: Duplex;
  readonly terminal: Terminal;
}

/** Until one side has nothing more to say. What the shell writes is always taken: it would block otherwise. */
async function connect({ stream, terminal }: Connection, signal: AbortSignal): Promise<void> {
  const { input, output } = terminal;
  const { promise, resolve } = Promise.withResolvers<void>();
  const over = () => resolve();
  const type = (data: Buffer) => void stream.write(data);
  const closed = () => void stream.end();
  const filter = createTerminalFilter();
  stream.on("data", (chunk: Buffer) => output.write(filter(chunk)));
  for (const event of ["end", "close", "error"]) stream.on(event, over);
  signal.addEventListener("abort", over, { once: true });
  if (signal.aborted) over();
  input.on("data", type);
  input.once("end", closed);
  try {
    await promise;
  } finally {
    signal.removeEventListener("abort", over);
    input.off("data", type);
    input.off("end", closed);
    input.pause();
    stream.destroy();
  }
}

/** Every key goes to the shell, until this is disposed. */
function takeTerminal({ input }: Terminal): Disposable {
  const restore = () => void input.setRawMode?.(false);
  if (input.isTTY) {
    input.setRawMode?.(true);
    process.once("exit", restore);
  }
  return {
    [Symbol.dispose]() {
      process.off("exit", restore);
      if (input.isTTY) restore();
    },
  };
}

function followSize(exec: Docker.Exec, { output }: Terminal): Disposable {
  const resize = () => {
    const { columns: w, rows: h } = output;
    // A shell that is already over has no size.
    if (w && h) void exec.resize({ w, h }).catch(() => undefined);
  };
  resize();
  output.on("resize", resize);
  return { [Symbol.dispose]: () => void output.off("resize", resize) };
}
