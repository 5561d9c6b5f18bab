import { type ChildProcess, spawn } from "node:child_process";
import { NexusError } from "../core/errors.ts";
import { visible } from "../core/untrusted.ts";
import { BOT, type GitOptions, gitEnvironment, type Identity } from "./environment.ts";

const DEADLINE_MS = 120_000;
const MAX_OUTPUT = 256 * 1024 * 1024;
const MAX_ERROR_TEXT = 2000;

type Input = string | Uint8Array;

/** Where and how one git process runs. */
export interface Run {
  readonly gitDir: string;
  /** A tree that git may write into; without it there is none. */
  readonly workTree?: string;
  /** What git reads; it may still be in the making, so that git is up when it comes. */
  readonly input?: Input | Promise<Input>;
  /** Where git writes objects, instead of into its own folder. */
  readonly objects?: string;
  /** One more folder that git finds objects in. */
  readonly alsoReads?: string;
  /** A descriptor that is open as long as this git process lives. */
  readonly held?: number;
  readonly signal?: AbortSignal | undefined;
  /** Two minutes unless said otherwise. */
  readonly deadlineMs?: number;
  /** Exit codes that are an answer; others throw. Only 0 unless named. */
  readonly answers?: readonly number[];
  /** Stops reading and ends the process here, instead of throwing. */
  readonly cutAt?: number;
}

/** What a git process said. */
interface Said {
  readonly exitCode: number;
  readonly stdout: Buffer;
}

/** git on this machine, always in the same hardened environment. */
export interface Git {
  readonly environment: Readonly<Record<string, string>>;
  readonly identity: Identity;
  /** Runs one command without a shell. Throws `git.failed` or `aborted`; the process group never outlives the call. */
  run(args: readonly string[], how: Run): Promise<Said>;
  /** The output of one command as one trimmed line. */
  line(args: readonly string[], how: Run): Promise<string>;
}

/** Promises that no git process started here reads a configuration Nexus did not write. */
export function createGit(options: GitOptions = {}): Git {
  const environment = gitEnvironment(options);
  const run = (args: readonly string[], how: Run) => runGit(args, how, environment);
  return {
    environment,
    identity: options.identity ?? BOT,
    run,
    line: async (args, how) => (await run(args, how)).stdout.toString("utf8").trim(),
  };
}

async function runGit(
  args: readonly string[],
  how: Run,
  environment: Readonly<Record<string, string>>,
): Promise<Said> {
  const late = AbortSignal.timeout(how.deadlineMs ?? DEADLINE_MS);
  const stop = how.signal ? AbortSignal.any([how.signal, late]) : late;
  if (stop.aborted) throw stopped(args, how.signal);
  const child = spawn("git", args, {
    cwd: how.workTree ?? how.gitDir,
    env: { ...environment, ...places(how) },
    stdio: ["pipe", "pipe", "pipe", ...(how.held === undefined ? [] : [how.held])],
    // A group of its own, so that ending it ends git's children as well.
    detached: true,
  });
  const end = () => endGroup(child);
  stop.addEventListener("abort", end);
  try {
    const { exitCode, stdout, stderr, cut } = await collect(child, how);
    if (stop.aborted) throw stopped(args, how.signal);
    if (!cut && !(how.answers ?? [0]).includes(exitCode)) throw failed(args, stderr);
    return { exitCode: cut ? 0 : exitCode, stdout };
  } finally {
    stop.removeEventListener("abort", end);
  }
}

/** The folders of one process, as git wants them named. */
function places({ gitDir, workTree, objects, alsoReads }: Run): Record<string, string> {
  return {
    GIT_DIR: gitDir,
    ...(workTree ? { GIT_WORK_TREE: workTree } : {}),
    ...(objects ? { GIT_OBJECT_DIRECTORY: objects } : {}),
    // Unquoted, a colon in it would part it in two.
    ...(alsoReads ? { GIT_ALTERNATE_OBJECT_DIRECTORIES: JSON.stringify(alsoReads) } : {}),
  };
}

interface Collected extends Said {
  readonly stderr: string;
  readonly cut: boolean;
}

function collect(child: ChildProcess, how: Run): Promise<Collected> {
  const { promise, resolve, reject } = Promise.withResolvers<Collected>();
  const limit = how.cutAt ?? MAX_OUTPUT;
  const chunks: Buffer[] = [];
  let size = 0;
  let stderr = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    if (size <= limit) chunks.push(chunk);
    size += chunk.length;
    if (size > limit) endGroup(child);
  });
  child.stderr?.on("data", (chunk: Buffer) => {
    if (stderr.length < MAX_ERROR_TEXT) stderr += chunk.toString("utf8");
  });
  feed(child, how.input ?? "").catch((error: unknown) => {
    endGroup(child);
    reject(error);
  });
  child.on("error", (cause) =>
    reject(
      new NexusError("git.failed", "git could not be started.", {
        hint: "Is git installed?",
        cause,
      }),
    ),
  );
  child.on("close", (code) => {
    if (size > limit && how.cutAt === undefined) stderr = "more output than Nexus accepts";
    const cut = size > limit && how.cutAt !== undefined;
    const stdout = Buffer.concat(chunks).subarray(0, limit);
    resolve({ exitCode: code ?? -1, stdout, stderr, cut });
  });
  return promise;
}

/** Without its input a process has nothing to say, so the caller ends it. */
async function feed(child: ChildProcess, input: Input | Promise<Input>): Promise<void> {
  // git may end before it has read everything; its exit code tells the story.
  child.stdin?.on("error", () => undefined);
  child.stdin?.end(await input);
}

function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // Gone already, which is what we wanted.
  }
}

function stopped(args: readonly string[], signal: AbortSignal | undefined): NexusError {
  if (signal?.aborted) return new NexusError("aborted", `git ${args[0]} was stopped.`);
  return new NexusError("git.failed", `git ${args[0]} did not end in time.`, { retryable: true });
}

function failed(args: readonly string[], stderr: string): NexusError {
  return new NexusError("git.failed", `git ${args[0]} failed: ${errorText(stderr)}`);
}

/** What git wrote about a failure, without characters that act on a terminal, and bounded. */
export function errorText(stderr: string): string {
  return visible(stderr).trim().slice(0, MAX_ERROR_TEXT);
}
