import { type ChildProcess, spawn } from "node:child_process";
import { lstat, mkdir, mkdtemp, readFile, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RawPath } from "../../sandbox/changes/raw-path.ts";
import { CHANGE_LIMITS, readChanges } from "../../sandbox/changes/read-changes.ts";
import { captureOutput } from "../../sandbox/command/captured-output.ts";
import type { Checkout } from "../../sandbox/mirror/base-trees.ts";
import { makeCopiedMirror } from "../../sandbox/mirror/copied-mirror.ts";
import { NexusError } from "../../src/core/errors.ts";
import type { CommandResult } from "../../src/core/evidence.ts";
import type { RunOptions, Sandbox, SandboxSession } from "../../src/core/sandbox.ts";

const OUTPUT_BYTES = 262_144;
const TIMEOUT_MS = 60_000;

/** Keeps the whole Sandbox contract except the walls: commands run on this machine. Tests only. */
export function createLocalSandbox(checkout: Checkout): Sandbox {
  return {
    warm: () => undefined,
    cool: async () => undefined,
    release: async () => undefined,
    async open({ gitDir, commit }, signal) {
      if (signal.aborted) throw cancelled();
      const folder = await mkdtemp(join(tmpdir(), "nexus-local-"));
      const base = join(folder, "base");
      await mkdir(base);
      await checkout({ gitDir, commit, folder: base });
      const pass = (path: RawPath) => path === ".git";
      const parts = { folder, tree: { folders: [base] }, layers: [], pass };
      const mirror = await makeCopiedMirror(parts, process.getuid?.() ?? 0);
      const workspace = mirror.mount.Source;
      return session({ folder, workspace, mirror, signal });
    },
  };
}

interface Parts {
  readonly folder: string;
  readonly workspace: string;
  readonly mirror: Awaited<ReturnType<typeof makeCopiedMirror>>;
  readonly signal: AbortSignal;
}

function session({ folder, workspace, mirror, signal }: Parts): SandboxSession {
  let state: "open" | "frozen" | "closed" = "open";
  const running = new Set<ChildProcess>();
  const requireOpen = () => {
    if (state !== "open") throw new Error(`The sandbox session is ${state}.`);
  };
  const endAll = () => running.forEach(endGroup);
  return {
    image: `sha256:${"0".repeat(64)}`,
    async readFile(path, maxBytes) {
      requireOpen();
      return await readRegular(path, maxBytes);
    },
    async hold() {
      if (state === "closed") throw new Error("The sandbox session is closed.");
      state = "frozen";
      return "2030-01-01T00:00:00.000Z";
    },
    async run(command, options = {}) {
      requireOpen();
      return await runHere({ command, options, workspace, signal, running });
    },
    async changes() {
      requireOpen();
      state = "frozen";
      endAll();
      const difference = await mirror.difference();
      return await readChanges(difference, { scratch: folder, limits: CHANGE_LIMITS });
    },
    async [Symbol.asyncDispose]() {
      state = "closed";
      endAll();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

interface Running {
  readonly command: readonly string[];
  readonly options: RunOptions;
  readonly workspace: string;
  readonly signal: AbortSignal;
  readonly running: Set<ChildProcess>;
}

async function runHere(at: Running): Promise<CommandResult> {
  const [program = "", ...args] = at.command;
  const started = performance.now();
  const output = captureOutput(OUTPUT_BYTES, at.options.onOutput);
  const env = {
    PATH: process.env.PATH ?? "",
    HOME: at.workspace,
    CI: "true",
    LANG: "C.UTF-8",
    ...at.options.env,
  };
  const child = spawn(program, args, { cwd: at.workspace, env, detached: true });
  at.running.add(child);
  let timedOut = false;
  const stop = () => endGroup(child);
  const timer = setTimeout(() => {
    timedOut = true;
    stop();
  }, at.options.timeoutMs ?? TIMEOUT_MS);
  at.signal.addEventListener("abort", stop, { once: true });
  child.stdout.on("data", (chunk: Buffer) => output.take(chunk));
  child.stderr.on("data", (chunk: Buffer) => output.take(chunk));
  child.stdin.on("error", () => undefined);
  child.stdin.end(Buffer.from(at.options.stdin ?? []));

  const { promise, resolve } = Promise.withResolvers<number>();
  child.on("error", () => resolve(126));
  child.on("close", (code) => resolve(code ?? 137));
  const exitCode = await promise;
  clearTimeout(timer);
  at.signal.removeEventListener("abort", stop);
  at.running.delete(child);
  if (at.signal.aborted) throw cancelled();
  const { text, truncated } = output.finish();
  const durationMs = performance.now() - started;
  const how = timedOut
    ? ({ exitCode: 124, ending: "timeout" } as const)
    : ({ exitCode, ending: "exited" } as const);
  return { ...how, durationMs, output: text, truncated };
}

async function readRegular(path: string, maxBytes: number): Promise<Uint8Array | undefined> {
  try {
    if ((await realpath(path)) !== path) return undefined;
    const stats = await lstat(path);
    return stats.isFile() && stats.size <= maxBytes ? await readFile(path) : undefined;
  } catch {
    return undefined;
  }
}

function endGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

function cancelled(): NexusError {
  return new NexusError("aborted", "The command was cancelled.");
}
