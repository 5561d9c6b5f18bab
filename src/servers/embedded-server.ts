import { execFile } from "node:child_process";
import { readFile, readlink, realpath, rm, rmdir, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { basename, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { NexusError } from "../core/errors.ts";
import type { Child, Log } from "./children.ts";
import { isAlive, underStartLock } from "./start-lock.ts";

const run = promisify(execFile);

/** A server on this machine that Nexus cares for. */
export interface EmbeddedServer {
  readonly url: string;
  /** Stops it if we started it; one that another process started is only let go. */
  stop(): Promise<void>;
}

/** How to know and to start one kind of server. */
export interface Recipe {
  readonly name: string;
  readonly url: string;
  readonly folder: string;
  /** Where it runs: also how its process is told from a stranger that got its id. */
  readonly dataFolder: string;
  readonly pidFile: string;
  readonly program: string;
  /** Removed after a stop where it is left empty. */
  readonly socketFolder: string;
  readonly stopSignal: "TERM" | "INT";
  answers(): Promise<boolean>;
  start(onLine: (line: string) => void): Child;
  readonly log: Log;
}

const START_MS = 60_000;
const POLL_MS = 25;
const RETRY_MS = 500;
const LINES_KEPT = 20;

/** Uses the folder's server where one runs, starts it otherwise. Safe to call from several processes at once. */
export async function attachOrStart(recipe: Recipe): Promise<EmbeddedServer> {
  return await underStartLock(recipe.folder, async () => {
    const deadline = Date.now() + START_MS;
    let server: EmbeddedServer | undefined;
    while (!server) server = await attempt(recipe, deadline);
    return server;
  });
}

/** Undefined where it is worth another try. */
async function attempt(recipe: Recipe, deadline: number): Promise<EmbeddedServer | undefined> {
  if ((await settle(recipe, deadline)) === "running") {
    return { url: recipe.url, stop: async () => undefined };
  }
  await writeFile(ownerFile(recipe), String(process.pid));
  const { child, lines } = launch(recipe);
  if (await comesUp(recipe, child, deadline)) return ownServer(recipe, child);
  const code = await child.stop();
  // What a killed server leaves behind needs a moment to go; a real fault stays.
  if (!lines.some(isPassing) || Date.now() > deadline) throw didNotStart(recipe, lines, code);
  await pause(RETRY_MS);
  return undefined;
}

/**
 * Waits out a server that is starting or going down, and removes what a dead one left. One whose owner
 * is gone is going down too, even if it does not know yet: it must not be relied on.
 */
async function settle(recipe: Recipe, deadline: number): Promise<"running" | "free"> {
  while (Date.now() < deadline) {
    const [answers, occupant] = [await recipe.answers(), await occupantOf(recipe)];
    const orphaned = occupant !== undefined && !(await isAlive(await pidIn(ownerFile(recipe))));
    if (answers && !orphaned) return "running";
    if (orphaned) askToStop(occupant, recipe);
    if (occupant === undefined) {
      await rm(recipe.pidFile, { force: true });
      return "free";
    }
    await pause(POLL_MS);
  }
  throw new NexusError(
    "server.unavailable",
    `${recipe.name} runs in ${recipe.folder}, but does not answer.`,
    { hint: "Is it hung? Stop that process, then start again.", retryable: true },
  );
}

/** The process that runs this very server, as far as it can be seen from here. */
async function occupantOf({ pidFile, dataFolder, program }: Recipe): Promise<number | undefined> {
  const pid = await pidIn(pidFile);
  if (!(await isAlive(pid))) return undefined;
  return (await runsIn(pid, dataFolder, program)) ? pid : undefined;
}

/** Ids are given out again, after a restart of a container even the same ones: is it really this server? */
async function runsIn(pid: number, dataFolder: string, program: string): Promise<boolean> {
  if (process.platform === "linux") {
    const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => undefined);
    return cwd === (await realpath(dataFolder));
  }
  const { stdout } = await run("ps", ["-p", String(pid), "-o", "comm="]).catch(() => ({
    stdout: "",
  }));
  return basename(stdout.trim()) === basename(program);
}

async function pidIn(file: string): Promise<number> {
  return Number.parseInt(await readFile(file, "utf8").catch(() => ""), 10);
}

const ownerFile = ({ folder, name }: Recipe): string => join(folder, `${name.toLowerCase()}.owner`);

function askToStop(pid: number, { stopSignal }: Recipe): void {
  try {
    process.kill(pid, `SIG${stopSignal}`);
  } catch {
    // Gone already.
  }
}

function launch(recipe: Recipe): { child: Child; lines: string[] } {
  const lines: string[] = [];
  const child = recipe.start((line) => {
    lines.push(line);
    if (lines.length > LINES_KEPT) lines.shift();
    recipe.log.info({ server: recipe.name, line }, "output of a server");
  });
  return { child, lines };
}

async function comesUp(recipe: Recipe, child: Child, deadline: number): Promise<boolean> {
  const state = { gone: false };
  void child.exited.then(() => {
    state.gone = true;
  });
  while (!state.gone && Date.now() < deadline) {
    if (await recipe.answers()) return true;
    await pause(POLL_MS);
  }
  return false;
}

function ownServer({ url, name, log, socketFolder }: Recipe, child: Child): EmbeddedServer {
  const state = { stopping: false };
  void child.exited.then((code) => {
    if (!state.stopping) log.error({ server: name, code }, "a server ended by itself");
  });
  return {
    url,
    async stop() {
      state.stopping = true;
      await child.stop();
      await rmdir(socketFolder).catch(() => undefined);
    },
  };
}

const isPassing = (line: string): boolean => /still in use|already exists/.test(line);

function didNotStart({ name }: Recipe, lines: readonly string[], code: number): NexusError {
  return new NexusError(
    "server.unavailable",
    `${name} did not start: ${lines.slice(-3).join(" ")}`,
    {
      hint: `It ended with code ${code}. Its full output is in the log.`,
    },
  );
}

/** What a socket answers to a question within a second; empty when it does not. */
export async function ask(socketPath: string, question: Uint8Array): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const socket = connect(socketPath);
  socket.setTimeout(1_000, () => resolve(""));
  socket.on("connect", () => socket.write(question));
  socket.on("data", (data) => resolve(data.toString("latin1")));
  socket.on("error", () => resolve(""));
  socket.on("close", () => resolve(""));
  try {
    return await promise;
  } finally {
    socket.destroy();
  }
}
