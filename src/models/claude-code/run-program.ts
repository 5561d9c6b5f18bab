import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { NexusError } from "../../core/errors.ts";
import { modelError } from "../provider-error.ts";

/** One run of a program. */
export interface Run {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly folder: string;
  readonly input: string;
  readonly signal: AbortSignal;
  /** Called whenever it writes something. */
  readonly heard: () => void;
}

/** How a run ended. */
interface Ended {
  /** -1 where a signal ended it. */
  readonly exitCode: number;
  /** Hostile text, bounded. */
  readonly stderr: string;
}

/** A running program: its lines, and how it ended. Disposed, it and whatever it started are gone. */
export interface Running extends AsyncDisposable {
  readonly lines: AsyncIterable<string>;
  readonly ended: Promise<Ended>;
}

/** Far above any reply. */
const MAX_BYTES = 32 * 1024 * 1024;
const MAX_STDERR = 16_000;
/** For what it has to put away after its last word. */
const GRACE_MS = 2_000;

/** Starts the program in a group of its own, so that its children end with it. */
export function runProgram(run: Run): Running {
  const { program, args, env, folder, signal } = run;
  signal.throwIfAborted();
  const child = spawn(program, args, { cwd: folder, env: { ...env }, detached: true });
  const end = () => endGroup(child);
  signal.addEventListener("abort", end, { once: true });
  const ended = endOf(child);
  // Looked at by whoever waits, perhaps later.
  ended.catch(() => {});
  // The program may end before it has read everything; what it says tells the story.
  child.stdin.on("error", () => {});
  child.stdin.end(run.input);
  return {
    lines: linesOf(child, run.heard),
    ended,
    async [Symbol.asyncDispose]() {
      await Promise.race([ended.catch(() => {}), delay(GRACE_MS, undefined, { ref: false })]);
      signal.removeEventListener("abort", end);
      end();
      closePipes(child);
      await ended.catch(() => {});
    },
  };
}

async function endOf(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  let stderr = "";
  child.stderr.on("data", (piece: Buffer) => {
    if (stderr.length < MAX_STDERR) stderr += piece.toString("utf8");
  });
  child.on("exit", () => {
    // Children that it left behind hold its pipes open.
    endGroup(child);
    setTimeout(() => closePipes(child), GRACE_MS).unref();
  });
  try {
    const [code] = await once(child, "close");
    return { exitCode: typeof code === "number" ? code : -1, stderr };
  } catch {
    throw new NexusError("model.missing", "Claude Code's program cannot be started.", {
      hint: "Is Claude Code installed at the path of the settings, for this user? Ask: command -v claude",
    });
  }
}

async function* linesOf(
  { stdout }: ChildProcessWithoutNullStreams,
  heard: () => void,
): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let begun = "";
  let total = 0;
  for await (const piece of bytesOf(stdout)) {
    heard();
    total += piece.byteLength;
    if (total > MAX_BYTES) throw modelError("model.malformed", "Claude Code's output is endless.");
    const text = decoder.decode(piece, { stream: true });
    // A long line in many pieces is not searched again with each of them.
    if (!text.includes("\n")) {
      begun += text;
      continue;
    }
    const lines = (begun + text).split("\n");
    begun = lines.pop() ?? "";
    yield* lines;
  }
  if (begun !== "") yield begun;
}

/** Ends without an error where the pipe is closed from our side. */
async function* bytesOf(stdout: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* stdout;
  } catch {
    // What is missing is seen in what was said.
  }
}

function closePipes({ stdout, stderr }: ChildProcessWithoutNullStreams): void {
  stdout.destroy();
  stderr.destroy();
}

function endGroup({ pid }: ChildProcessWithoutNullStreams): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // Gone already, which is what we wanted.
  }
}
