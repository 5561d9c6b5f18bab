import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { z } from "zod";

const FAKE = resolve(import.meta.dirname, "fake-claude.ts");

/** What the program does when it is run. */
export interface ClaudeScenario {
  readonly lines?: readonly string[];
  readonly stderr?: string;
  readonly exitCode?: number;
  readonly hangs?: boolean;
  readonly flood?: number;
  readonly leavesChild?: boolean;
}

const Seen = z.object({
  args: z.array(z.string()),
  env: z.record(z.string(), z.string()),
  cwd: z.string(),
  pid: z.number(),
  child: z.number().optional(),
  stdin: z.string(),
});

/** A folder with a program that stands for Claude Code, until disposed. */
export interface ClaudeFolder extends AsyncDisposable {
  readonly path: string;
  readonly program: string;
  /** What its next runs do. */
  play(scenario: ClaudeScenario): Promise<void>;
  /** What its last run was asked. */
  seen(): Promise<z.infer<typeof Seen>>;
}

/** Makes such a folder; its program does nothing until it is told what to play. */
export async function makeClaudeFolder(): Promise<ClaudeFolder> {
  const path = await mkdtemp(join(tmpdir(), "nexus-fake-claude-"));
  const program = join(path, "claude");
  const run = `exec ${process.execPath} --no-warnings ${FAKE} "$@"`;
  await writeFile(program, `#!/bin/sh\nFAKE_CLAUDE_FOLDER=${path} ${run}\n`);
  await chmod(program, 0o755);
  return {
    path,
    program,
    play: (scenario) => writeFile(join(path, "scenario.json"), JSON.stringify(scenario)),
    seen: async () => Seen.parse(JSON.parse(await readFile(join(path, "seen.json"), "utf8"))),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true }),
  };
}
