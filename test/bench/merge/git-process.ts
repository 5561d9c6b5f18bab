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
  /** Undefined where there is no such blob, or one of more bytes. */
  read(id: string, most: number): Promise<Buffer | undefined>;
}

/** Starts the process; it ends with the object. */
export function openBlobs(gitDir: string, env: Readonly<Record<string, string>>): Blobs {
  const child = spawn("git", [`--git-dir=${gitDir}`, "cat-file", "--batch-command"], {
    env: { ...QUIET_GIT, ...env },
    stdio: ["pipe", "pipe", "ignore"],
  });
  const waiting: Waiting[] = [];
  const closed = whenClosed(child);
  void closed.then(() => {
    for (const { answer } of waiting.splice(0)) answer(undefined);
  });
  let kept: Buffer = Buffer.alloc(0);
  child.stdout.on("data", (chunk: Buffer) => {
    kept = Buffer.concat([kept, chunk]);
    for (let first = waiting[0]; first; first = waiting[0]) {
      const taken = first.take(kept);
      if (!taken) return;
      kept = kept.subarray(taken.length);
      waiting.shift();
      first.answer(taken.bytes);
    }
  });
  const ask = (command: string, take: Waiting["take"]) => {
    const { promise, resolve } = Promise.withResolvers<Buffer | undefined>();
    waiting.push({ take, answer: resolve });
    child.stdin.write(`${command}\n`);
    return promise;
  };
  return {
    async read(id, most) {
      const [, type, size] = (await ask(`info ${id}`, takeLine))?.toString().split(" ") ?? [];
      if (type !== "blob" || Number(size) > most) return undefined;
      return ask(`contents ${id}`, takeObject);
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

/** An answer in what git wrote, and how many bytes it took. */
interface Taken {
  readonly bytes: Buffer | undefined;
  readonly length: number;
}

interface Waiting {
  /** Undefined while the answer is not all there. */
  readonly take: (bytes: Buffer) => Taken | undefined;
  readonly answer: (bytes: Buffer | undefined) => void;
}

function takeLine(bytes: Buffer): Taken | undefined {
  const end = bytes.indexOf(10);
  // A copy: the rest of the chunk is let go.
  return end < 0 ? undefined : { bytes: Buffer.from(bytes.subarray(0, end)), length: end + 1 };
}

function takeObject(bytes: Buffer): Taken | undefined {
  const head = takeLine(bytes);
  if (!head?.bytes) return undefined;
  const size = head.bytes.toString().split(" ")[2];
  if (size === undefined) return { bytes: undefined, length: head.length };
  const length = head.length + Number(size) + 1;
  if (bytes.length < length) return undefined;
  return { bytes: Buffer.from(bytes.subarray(head.length, length - 1)), length };
}
