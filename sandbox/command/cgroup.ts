import { access, readFile } from "node:fs/promises";
import { join } from "node:path";

/** What a container uses now, as the kernel counts it. */
export interface Usage {
  /** Without what the kernel could drop at once. */
  readonly memoryBytes?: number | undefined;
  /** Since the container was started. */
  readonly cpuMs?: number | undefined;
  readonly processes?: number | undefined;
}

/** The kernel's counters of one container, read on this machine. */
export interface Cgroup {
  usage(): Promise<Usage>;
  /** Since the container was started. */
  cpuMs(): Promise<number | undefined>;
  /** How often it has ended a process for want of memory. */
  memoryKills(): Promise<number | undefined>;
}

const ROOT = "/sys/fs/cgroup";

/**
 * The control group of a container by its full id; undefined where the kernel's files are not to be seen,
 * as from within another container or where the engine is on another machine.
 */
export async function findCgroup(id: string, root = ROOT): Promise<Cgroup | undefined> {
  if (!/^[0-9a-f]{64}$/.test(id)) return undefined;
  const first = join(root, "memory", "docker", id);
  if (await isThere(join(first, "memory.oom_control"))) return versionOne(id, root);
  const folders = [join(root, "system.slice", `docker-${id}.scope`), join(root, "docker", id)];
  for (const folder of folders) {
    if (await isThere(join(folder, "memory.events"))) return versionTwo(folder);
  }
  return undefined;
}

function versionOne(id: string, root: string): Cgroup {
  const at = (controller: string, file: string) => join(root, controller, "docker", id, file);
  const cpuMs = async () => dividedBy(1e6, await numberIn(at("cpuacct", "cpuacct.usage")));
  return {
    cpuMs,
    async usage() {
      const [used, stat, cpu, processes] = await Promise.all([
        numberIn(at("memory", "memory.usage_in_bytes")),
        textOf(at("memory", "memory.stat")),
        cpuMs(),
        numberIn(at("pids", "pids.current")),
      ]);
      const memoryBytes = without(used, fieldOf(stat, "total_inactive_file"));
      return { memoryBytes, cpuMs: cpu, processes };
    },
    memoryKills: async () => fieldOf(await textOf(at("memory", "memory.oom_control")), "oom_kill"),
  };
}

function versionTwo(folder: string): Cgroup {
  const cpuMs = async () =>
    dividedBy(1e3, fieldOf(await textOf(join(folder, "cpu.stat")), "usage_usec"));
  return {
    cpuMs,
    async usage() {
      const [used, stat, cpu, processes] = await Promise.all([
        numberIn(join(folder, "memory.current")),
        textOf(join(folder, "memory.stat")),
        cpuMs(),
        numberIn(join(folder, "pids.current")),
      ]);
      const memoryBytes = without(used, fieldOf(stat, "inactive_file"));
      return { memoryBytes, cpuMs: cpu, processes };
    },
    memoryKills: async () => fieldOf(await textOf(join(folder, "memory.events")), "oom_kill"),
  };
}

/** The number after a name at the start of a line. */
export function fieldOf(text: string, name: string): number | undefined {
  const found = new RegExp(`^${name} (\\d+)$`, "m").exec(text)?.[1];
  return found === undefined ? undefined : Number(found);
}

function dividedBy(divisor: number, value: number | undefined): number | undefined {
  return value === undefined ? undefined : value / divisor;
}

function without(used: number | undefined, inactive: number | undefined): number | undefined {
  return used === undefined ? undefined : Math.max(0, used - (inactive ?? 0));
}

async function numberIn(path: string): Promise<number | undefined> {
  const text = (await textOf(path)).trim();
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

/** Nothing where it cannot be read: the container may be gone. */
async function textOf(path: string): Promise<string> {
  return await readFile(path, "utf8").catch(() => "");
}

async function isThere(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
