import { type ChildProcess, spawn } from "node:child_process";

/** A program that ran to its end, however it ended. */
export interface Ended {
  /** Undefined where it could not be started or was stopped for taking too long. */
  readonly code: number | undefined;
  readonly stdout: Buffer;
  readonly stderr: string;
  readonly ms: number;
}

interface How {
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 120_000;
const MAX_ERROR = 2000;

/** Nothing of the machine's own git settings decides a figure. */
const QUIET_GIT = {
  PATH: process.env.PATH ?? "/usr/local/bin:/usr/bin:/bin",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_NO_REPLACE_OBJECTS: "1",
  LC_ALL: "C",
};

/** Runs one program without a shell. Never throws because of it. */
export function runToEnd(
  program: string,
  args: readonly string[],
  { env, timeoutMs }: How = {},
): Promise<Ended> {
  const { promise, resolve } = Promise.withResolvers<Ended>();
  const begun = performance.now();
  const child = spawn(program, args, {
    env: { ...QUIET_GIT, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const chunks: Buffer[] = [];
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => void chunks.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => {
    if (stderr.length < MAX_ERROR) stderr += chunk.toString();
  });
  // spawn's own limit would hold this process for a program that never started.
  const late = setTimeout(() => child.kill("SIGKILL"), timeoutMs ?? TIMEOUT_MS);
  const end = (code: number | undefined) => {
    clearTimeout(late);
    resolve({ code, stdout: Buffer.concat(chunks), stderr, ms: performance.now() - begun });
  };
  child.on("error", () => end(undefined));
  child.on("close", (code) => end(code ?? undefined));
  return promise;
}

/** Blobs of one repository, read by one git process in the order in which they are asked for. */
export interface Blobs extends AsyncDisposable {
  /** Undefined where there is no such blob. */
  read(id: string): Promise<Buffer | undefined>;
}

/** Starts the process; it ends with the object. */
export function openBlobs(gitDir: string, env: Readonly<Record<string, string>>): Blobs {
  const child = spawn("git", [`--git-dir=${gitDir}`, "cat-file", "--batch"], {
    env: { ...QUIET_GIT, ...env },
    stdio: ["pipe", "pipe", "ignore"],
  });
  const waiting: ((blob: Buffer | undefined) => void)[] = [];
  const closed = whenClosed(child);
  void closed.then(() => {
    for (const answer of waiting.splice(0)) answer(undefined);
  });
  let kept: Buffer = Buffer.alloc(0);
  child.stdout.on("data", (chunk: Buffer) => {
    kept = Buffer.concat([kept, chunk]);
    for (;;) {
      const taken = takeObject(kept);
      if (!taken) return;
      kept = kept.subarray(taken.length);
      waiting.shift()?.(taken.blob);
    }
  });
  return {
    read(id) {
      const { promise, resolve } = Promise.withResolvers<Buffer | undefined>();
      waiting.push(resolve);
      child.stdin.write(`${id}\n`);
      return promise;
    },
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await closed;
    },
  };
}

function whenClosed(child: ChildProcess): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  child.on("error", () => resolve());
  child.on("close", () => resolve());
  // Reads after its end are answered by the above.
  child.stdin?.on("error", () => undefined);
  return promise;
}

/** The first answer in what git wrote: its blob, and how many bytes it took; undefined while it is not all there. */
function takeObject(
  bytes: Buffer,
): { readonly blob: Buffer | undefined; readonly length: number } | undefined {
  const end = bytes.indexOf(10);
  if (end < 0) return undefined;
  const [, type, size] = bytes.toString("latin1", 0, end).split(" ");
  if (size === undefined) return { blob: undefined, length: end + 1 };
  const length = end + 1 + Number(size) + 1;
  if (bytes.length < length) return undefined;
  // A copy: the rest of the chunk is let go.
  const blob = Buffer.from(bytes.subarray(end + 1, length - 1));
  return { blob: type === "blob" ? blob : undefined, length };
}
