import { statfs } from "node:fs/promises";
import { NexusError } from "../../src/core/errors.ts";

/** A folder of Nexus' own, and how much of its disk has to be free. */
export interface Room {
  readonly folder: string;
  readonly minFreeBytes: number;
}

/** Says that work is not begun for want of disk. */
export function diskFull({ minFreeBytes }: Room, cause?: unknown): NexusError {
  const wanted = Math.ceil(minFreeBytes / 1024 ** 2);
  return new NexusError("sandbox.disk-full", `Nexus' folder has less than ${wanted} MB left.`, {
    hint: "Free some of the disk that holds the folder .nexus.",
    retryable: true,
    cause,
  });
}

/** Whether the disk of a folder has what it has to have. */
export async function hasRoom({ folder, minFreeBytes }: Room): Promise<boolean> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize >= minFreeBytes;
}

/**
 * What a failure really was: `sandbox.disk-full` where the system says so, or where a program has failed and
 * there is no room for it; else the failure itself.
 */
export async function orDiskFull(room: Room, failure: unknown): Promise<unknown> {
  if (isOutOfSpace(failure)) return diskFull(room, failure);
  if (!(failure instanceof NexusError) || failure.code !== "git.failed") return failure;
  return (await hasRoom(room).catch(() => true)) ? failure : diskFull(room, failure);
}

function isOutOfSpace(error: unknown): boolean {
  if (!(error instanceof Error) || !("code" in error)) return false;
  return error.code === "ENOSPC" || error.code === "EDQUOT";
}
