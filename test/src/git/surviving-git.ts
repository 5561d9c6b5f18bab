import { readdir, readlink } from "node:fs/promises";
import { until } from "../../world/until.ts";

/** Waits until no process works below a folder any more: the children of a killed one go on for a while. */
export async function nobodyWorksIn(folder: string): Promise<void> {
  await until(async () => (await workersIn(folder)).length === 0, {
    what: `no process in ${folder}`,
  });
}

async function workersIn(folder: string): Promise<string[]> {
  const ids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const places = ids.map((id) => readlink(`/proc/${id}/cwd`).catch(() => ""));
  return (await Promise.all(places)).filter((place) => `${place}/`.startsWith(`${folder}/`));
}
