import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";

const PATH = "/usr/local/bin:/usr/bin:/bin";
const QUIET_GIT = { GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: "/dev/null" };

/** Where a program of this machine runs. */
interface Where {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs one program to its end and returns what it wrote. Throws where it fails. */
export async function runProgram(
  program: string,
  args: readonly string[],
  { cwd, env }: Where,
): Promise<string> {
  const how = { cwd, env: { PATH, ...QUIET_GIT, ...env }, maxBuffer: 64 * 1024 * 1024 };
  return (await promisify(execFile)(program, [...args], how)).stdout;
}

/** Feeds one program and waits for its end. Throws where it fails. */
export async function feedProgram(
  [program, ...args]: readonly [string, ...string[]],
  cwd: string,
  input: Iterable<Buffer>,
): Promise<void> {
  const child = spawn(program, args, {
    cwd,
    env: { PATH, ...QUIET_GIT },
    stdio: ["pipe", "ignore", "inherit"],
  });
  const ended = once(child, "close");
  await pipeline(input, child.stdin);
  const [code] = await ended;
  if (code !== 0) throw new Error(`${program} ended with ${String(code)}.`);
}
