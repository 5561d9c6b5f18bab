import { readFile } from "node:fs/promises";

/** The keeper and the init process that reaps for it. */
const OF_OUR_OWN = 2;

/** Tells what still runs in one container, by the kernel's own count. */
export interface TaskCount {
  /** True only where it is certain that no process of a command is left. */
  isAlone(): Promise<boolean>;
}

/**
 * Finds the counter of a container by its first process. Where this machine is not the engine's, or the
 * runtime counts otherwise, nothing is certain.
 */
export async function countTasks(at: { containerId: string; pid: number }): Promise<TaskCount> {
  const file = await counterOf(at).catch(() => undefined);
  return {
    async isAlone() {
      if (file === undefined) return false;
      const count = await readFile(file, "utf8").catch(() => "");
      return Number.parseInt(count, 10) === OF_OUR_OWN;
    },
  };
}

// The container's id in the name of its group shows that the process is the container's on this machine too.
async function counterOf({ containerId, pid }: { containerId: string; pid: number }) {
  if (pid <= 0) return undefined;
  const groups = await readFile(`/proc/${pid}/cgroup`, "utf8");
  for (const line of groups.split("\n")) {
    const [, controllers = "", path = ""] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    if (!path.includes(containerId) || path.split("/").includes("..")) continue;
    if (controllers === "") return `/sys/fs/cgroup${path}/pids.current`;
    if (controllers.split(",").includes("pids")) return `/sys/fs/cgroup/pids${path}/pids.current`;
  }
  return undefined;
}
