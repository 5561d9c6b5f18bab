import { execFile } from "node:child_process";
import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { NexusError } from "../core/errors.ts";

const run = promisify(execFile);

/** Who a server runs as where we are root and the server refuses to be. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

/** The unprivileged user for PostgreSQL; undefined where we are unprivileged ourselves. */
export async function serverUser(
  candidates: readonly string[] = ["postgres", "nobody"],
): Promise<ServerUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of candidates) {
    const user = await lookUp(name);
    if (user) return user;
  }
  throw new NexusError("server.unavailable", "PostgreSQL does not run as root.", {
    hint: "Run Nexus as another user, or make one for it: useradd --system postgres",
  });
}

async function lookUp(name: string): Promise<ServerUser | undefined> {
  try {
    const [uid, gid] = await Promise.all([run("id", ["-u", name]), run("id", ["-g", name])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return undefined;
  }
}

/** Whether the user may walk down to the path and into it. */
export async function canReach(user: ServerUser, path: string): Promise<boolean> {
  const { mode, uid, gid } = await stat(path);
  const others = gid === user.gid ? 0o010 : 0o001;
  const needed = uid === user.uid ? 0o100 : others;
  if ((mode & needed) === 0) return false;
  return dirname(path) === path || (await canReach(user, dirname(path)));
}
