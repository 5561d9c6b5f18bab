import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** Starts a server from a process of its own and kills that process with SIGKILL once it is up. */
export async function startedByKilledParent(
  kind: "postgres" | "redis",
  folder: string,
): Promise<string> {
  const script = fileURLToPath(new URL("./server-parent.ts", import.meta.url));
  const parent = spawn(process.execPath, [script, kind, folder], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [url] = await once(parent.stdout, "data");
  parent.kill("SIGKILL");
  await once(parent, "exit");
  return String(url).trim();
}
