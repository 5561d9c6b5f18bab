import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";

const MAIN = resolve(import.meta.dirname, "../../src/cli/main.ts");

interface Place {
  readonly cwd: string;
  /** Its whole environment, but for the path to programs. */
  readonly env: Readonly<Record<string, string>>;
}

/** Runs `nexus` with these words as a process of its own, and hands back how it ended and what it said. */
export async function runNexus(args: readonly string[], { cwd, env }: Place) {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd,
    env: { PATH: process.env.PATH, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { out: "", err: "" };
  child.stdout.on("data", (data) => (said.out += data));
  child.stderr.on("data", (data) => (said.err += data));
  const [code] = await once(child, "close");
  return { code, ...said };
}
