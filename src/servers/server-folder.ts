import { createHash } from "node:crypto";
import { chown, lstat, mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NexusError } from "../core/errors.ts";
import type { ServerUser } from "./server-user.ts";

/** The kernel allows 107 bytes on Linux, 103 on macOS. */
const LONGEST_PATH = 103;

interface Place {
  readonly folder: string;
  readonly socketName: string;
  readonly user?: ServerUser | undefined;
}

/** Where the socket goes: the folder itself, or where that is too deep a short one that only we can enter. */
export async function socketFolder({ folder, socketName, user }: Place): Promise<string> {
  if (Buffer.byteLength(join(folder, socketName)) <= LONGEST_PATH) return folder;
  const id = createHash("sha256").update(folder).digest("hex").slice(0, 12);
  const short = join(tmpdir(), `nexus-${id}`);
  await mkdir(short, { recursive: true, mode: 0o700 });
  const made = await lstat(short);
  const owners = [process.getuid?.(), user?.uid];
  // Everybody can write in the folder for temporary files: do not walk into somebody else's.
  if (!made.isDirectory() || !owners.includes(made.uid) || (made.mode & 0o077) !== 0) {
    throw new NexusError("server.unavailable", `${short} belongs to somebody else.`, {
      hint: "Remove it, or give Nexus a folder with a shorter path.",
    });
  }
  if (user) await chown(short, user.uid, user.gid);
  return short;
}

/** A folder for a server, made where there is none. */
export async function makeFolder(path: string, mode: number): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode });
  } catch (cause) {
    throw new NexusError("server.unavailable", `${path} cannot be made: ${String(cause)}`, {
      hint: "Servers that Nexus starts need a folder that it may write to.",
      cause,
    });
  }
}
