import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { CommandResult } from "../../src/core/evidence.ts";
import type { RunOptions, SandboxSession } from "../../src/core/sandbox.ts";

export interface FolderSession extends SandboxSession {
  readonly folder: string;
  /** Every command that was run, in order. */
  readonly commands: readonly (readonly string[])[];
  /** The bytes of a file as text, or undefined. */
  text(path: string): Promise<string | undefined>;
}

/** A sandbox session without walls, in a temporary folder that holds these files. Commands run on this machine. */
export async function folderSession(
  files: Readonly<Record<string, string | Uint8Array>> = {},
): Promise<FolderSession> {
  const folder = await mkdtemp(join(tmpdir(), "nexus-folder-"));
  const commands: (readonly string[])[] = [];
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return {
    folder,
    commands,
    text: (path) => readFile(join(folder, path), "utf8").catch(() => undefined),
    run(command, options = {}) {
      commands.push(command);
      return runIn(folder, command, { timeoutMs: 20_000, ...options });
    },
    image: `sha256:${"0".repeat(64)}`,
    async readFile(path, maxBytes) {
      const bytes = await readFile(path).catch(() => undefined);
      return bytes && bytes.length <= maxBytes ? bytes : undefined;
    },
    hold: async () => "2030-01-01T00:00:00.000Z",
    changes: () => Promise.reject(new Error("A folder session does not read changes.")),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

function runIn(
  cwd: string,
  [program = "", ...args]: readonly string[],
  options: RunOptions & { readonly timeoutMs: number },
): Promise<CommandResult> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const env = { ...process.env, ...options.env };
    const limit = { timeout: options.timeoutMs, killSignal: "SIGKILL" } as const;
    const child = spawn(program, args, { cwd, env, ...limit });
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.stdin.on("error", () => undefined);
    child.stdin.end(options.stdin ?? "");
    child.on("error", reject);
    child.on("close", (code, killed) => {
      resolve({
        exitCode: code ?? 137,
        ending: killed === "SIGKILL" ? "timeout" : "exited",
        durationMs: performance.now() - began,
        output: Buffer.concat(chunks).toString(),
        truncated: false,
      });
    });
  });
}
