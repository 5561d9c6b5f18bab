import { execFile } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { chmod, chown, mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { NexusError } from "../core/errors.ts";
import type { Log } from "./children.ts";
import { makeFolder } from "./server-folder.ts";
import { canReach, type ServerUser } from "./server-user.ts";

const run = promisify(execFile);
const INIT_MS = 120_000;

/** The folder that holds the cluster: ours, unless the server's user cannot walk there. */
export async function clusterHome(
  { folder, stateFolder }: { folder: string; stateFolder: string },
  user: ServerUser | undefined,
  log: Log,
): Promise<string> {
  const given = resolve(folder);
  await makeFolder(given, user ? 0o711 : 0o700);
  if (!user) return given;
  if (await canReach(user, dirname(given))) {
    const { mode } = await stat(given);
    if ((mode & 0o001) === 0) await chmod(given, (mode & 0o777) | 0o001);
    return given;
  }
  const id = createHash("sha256").update(given).digest("hex").slice(0, 12);
  const home = join(stateFolder, id);
  await makeFolder(home, 0o711);
  log.warn({ folder, home }, "the database's user cannot reach the folder, its data is elsewhere");
  return home;
}

export interface Cluster {
  readonly dataFolder: string;
  readonly password: string;
}

interface Init {
  readonly home: string;
  readonly bin: string;
  readonly user: ServerUser | undefined;
}

/** The cluster in the folder, made when there is none. Appears whole or not at all. */
export async function openCluster(init: Init): Promise<Cluster> {
  const cluster = join(init.home, "postgres");
  if (!(await stat(cluster).catch(() => undefined))) await createCluster(cluster, init);
  const password = await readFile(join(cluster, "password"), "utf8");
  return { dataFolder: join(cluster, "data"), password: password.trim() };
}

async function createCluster(cluster: string, { bin, user }: Init): Promise<void> {
  const draft = `${cluster}.${randomBytes(4).toString("hex")}`;
  const passwordFile = join(draft, "password");
  await mkdir(draft, { mode: 0o700 });
  try {
    await writeFile(passwordFile, randomBytes(24).toString("base64url"), { mode: 0o600 });
    if (user) for (const path of [draft, passwordFile]) await chown(path, user.uid, user.gid);
    await initdb(join(bin, "initdb"), { draft, passwordFile, user });
    await rename(draft, cluster);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
}

interface Draft {
  readonly draft: string;
  readonly passwordFile: string;
  readonly user: ServerUser | undefined;
}

async function initdb(program: string, { draft, passwordFile, user }: Draft): Promise<void> {
  const args = [
    `--pgdata=${join(draft, "data")}`,
    `--pwfile=${passwordFile}`,
    "--username=nexus",
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C",
    "--no-instructions",
  ];
  try {
    await run(program, args, { ...user, cwd: draft, env: { LC_ALL: "C" }, timeout: INIT_MS });
  } catch (cause) {
    throw new NexusError(
      "server.unavailable",
      `PostgreSQL's data could not be made: ${String(cause)}`,
      {
        hint: "Is there room on the disk, and may Nexus write in its folder?",
        cause,
      },
    );
  }
}
