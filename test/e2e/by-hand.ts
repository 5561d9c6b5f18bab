import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Clones a commit of a repository of ours, installs it and runs the commands as a person would; their exit codes. */
export async function runByHand(
  gitFolder: string,
  commit: string,
  commands: readonly string[],
): Promise<number[]> {
  const folder = await mkdtemp(join(tmpdir(), "by-hand-"));
  try {
    await run("git", ["clone", "--quiet", gitFolder, folder]);
    await run("git", ["-C", folder, "checkout", "--quiet", "--detach", commit]);
    await run("npm", ["ci", "--no-audit", "--no-fund"], { cwd: folder });
    const codes: number[] = [];
    for (const command of commands) codes.push(await exitCode(command, folder));
    return codes;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function exitCode(command: string, cwd: string): Promise<number> {
  // The test runner's own variables would make a test inside a test.
  const { NODE_TEST_CONTEXT: _, NODE_OPTIONS: __, ...env } = process.env;
  return run("sh", ["-c", command], { cwd, env }).then(
    () => 0,
    (error: { code?: number }) => error.code ?? 1,
  );
}
