import { spawn } from "node:child_process";

/** A program of this machine that answers a question about files. */
export interface Tool {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly input: Buffer;
}

/** How it ended; no exit code where it could not be started or was ended. */
export interface ToolAnswer {
  readonly exitCode: number | undefined;
  readonly stdout: Buffer;
}

const DEADLINE_MS = 60_000;
const MAX_ANSWER = 256 * 1024 * 1024;

/** Runs one program without a shell, in the given environment only. Ends it after a minute. Never throws. */
export function askTool({ program, args, cwd, env, input }: Tool): Promise<ToolAnswer> {
  const { promise, resolve } = Promise.withResolvers<ToolAnswer>();
  const child = spawn(program, args, {
    cwd,
    env: { PATH: "/usr/local/bin:/opt/homebrew/bin:/usr/bin:/bin", LC_ALL: "C", ...env },
    stdio: ["pipe", "pipe", "ignore"],
    timeout: DEADLINE_MS,
    killSignal: "SIGKILL",
  });
  const chunks: Buffer[] = [];
  let size = 0;
  child.stdout.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size <= MAX_ANSWER) chunks.push(chunk);
    else child.kill("SIGKILL");
  });
  // It may end before it has read everything; its exit code tells the story.
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);
  child.on("error", () => resolve({ exitCode: undefined, stdout: Buffer.alloc(0) }));
  child.on("close", (code) =>
    resolve({ exitCode: code ?? undefined, stdout: Buffer.concat(chunks) }),
  );
  return promise;
}
