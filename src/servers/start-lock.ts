import { randomUUID } from "node:crypto";
import { link, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { NexusError } from "../core/errors.ts";

const BEAT_MS = 2_000;
const STALE_MS = 10_000;
const PATIENCE_MS = 60_000;

/** Runs the action while no other process that uses the same folder runs one. Survives killed holders. */
export async function underStartLock<T>(folder: string, action: () => Promise<T>): Promise<T> {
  const path = join(folder, "starting.lock");
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await take(path))) {
    if (Date.now() > deadline) throw stillStarting(folder);
    await dropStale(path);
    await pause(50);
  }
  const beat = setInterval(
    () => void utimes(path, new Date(), new Date()).catch(() => undefined),
    BEAT_MS,
  );
  try {
    return await action();
  } finally {
    clearInterval(beat);
    await rm(path, { force: true });
  }
}

/** A link is made whole or not at all, so nobody ever reads an empty lock. */
async function take(path: string): Promise<boolean> {
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, String(process.pid));
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function dropStale(path: string): Promise<void> {
  const seen = await stat(path).catch(() => undefined);
  const holder = Number(await readFile(path, "utf8").catch(() => ""));
  if (!seen || ((await isAlive(holder)) && Date.now() - seen.mtimeMs < STALE_MS)) return;
  const aside = `${path}.${randomUUID()}`;
  await rename(path, aside).catch(() => undefined);
  const moved = await stat(aside).catch(() => undefined);
  // Somebody was quicker and this is already the new holder's: give it back.
  if (moved && moved.ino !== seen.ino) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}

/** Whether a process of this id is at work; one of another user counts, a dead one that nobody buried does not. */
export async function isAlive(pid: number): Promise<boolean> {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!hasCode(error, "EPERM")) return false;
  }
  const state = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return !/\) [ZX] [^)]*$/.test(state);
}

/** Whether this is a system error with that code. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

function stillStarting(folder: string): NexusError {
  return new NexusError(
    "server.unavailable",
    `Another process keeps starting servers in ${folder}.`,
    {
      hint: "Stop the other Nexus, or give this one a folder of its own.",
      retryable: true,
    },
  );
}
