import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { lstat, readdir, readFile, readlink } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";

/** Processes of this machine, in containers or not, that bear a mark in their environment or command line. */
export function survivorsOf(mark: string): readonly number[] {
  return (existsSync("/proc") ? readdirSync("/proc") : [])
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((name) => holds(`/proc/${name}/environ`, mark) || holds(`/proc/${name}/cmdline`, mark))
    .map(Number);
}

function holds(file: string, mark: string): boolean {
  return textOf(file).includes(mark);
}

/** What a file of the kernel says; nothing where there is none, or it belongs to somebody else. */
function textOf(file: string): string {
  try {
    return readFileSync(file, "latin1");
  } catch {
    return "";
  }
}

/** The sum of everything in these folders: names, kinds, modes, owners, bytes and targets of links. */
export async function checksum(folders: readonly string[]): Promise<string> {
  const hash = createHash("sha256");
  for (const folder of folders) await addFolder(hash, folder);
  return hash.digest("hex");
}

async function addFolder(hash: ReturnType<typeof createHash>, folder: string): Promise<void> {
  for (const name of (await readdir(folder)).sort()) {
    const path = join(folder, name);
    const stats = await lstat(path);
    hash.update(`\0${path}\0${stats.mode}\0${stats.uid}\0`);
    if (stats.isDirectory()) await addFolder(hash, path);
    else if (stats.isSymbolicLink()) hash.update(await readlink(path));
    else if (stats.isFile()) hash.update(await readFile(path));
  }
}

/** What of the machine itself an attack could turn. */
export function machineState(mark: string) {
  const routes = textOf("/proc/net/route").split("\n");
  return {
    hostname: hostname(),
    settings: ["core_pattern", "randomize_va_space", "hostname", "modprobe"].map((name) =>
      textOf(join("/proc/sys/kernel", name)),
    ),
    ways: routes.filter((line) => line.split("\t")[1] === "00000000"),
    sockets: textOf("/proc/net/unix").includes(mark),
  };
}
