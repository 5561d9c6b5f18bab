import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text as readText } from "node:stream/consumers";
import { z } from "zod";

/** Stands for Claude Code's program: says what its folder tells it to say, and keeps what it was asked. */
const Scenario = z.object({
  lines: z.array(z.string()).default([]),
  stderr: z.string().default(""),
  exitCode: z.int().default(0),
  /** Does not end by itself. */
  hangs: z.boolean().default(false),
  /** Writes so many bytes without a line's end. */
  flood: z.int().default(0),
  /** Starts a child that outlives it and keeps its pipes open. */
  leavesChild: z.boolean().default(false),
});

const folder = process.env.FAKE_CLAUDE_FOLDER ?? "";
const scenario = Scenario.parse(JSON.parse(readFileSync(join(folder, "scenario.json"), "utf8")));
const { FAKE_CLAUDE_FOLDER: _, PWD: __, SHLVL: ___, ...env } = process.env;
const args = process.argv.slice(2);
const seen = {
  args,
  env,
  cwd: process.cwd(),
  pid: process.pid,
  stdin: await readText(process.stdin),
};

let child: number | undefined;
if (scenario.leavesChild) {
  const waiting = "setInterval(() => {}, 1000)";
  child = spawn(process.execPath, ["-e", waiting], { stdio: ["ignore", "inherit", "inherit"] }).pid;
}
writeFileSync(join(folder, "seen.json"), JSON.stringify({ ...seen, child }));

// In pieces that care for no line and no character.
const bytes = Buffer.from(scenario.lines.map((line) => `${line}\n`).join(""));
for (let at = 0; at < bytes.length; at += 97) await write(bytes.subarray(at, at + 97));
const block = Buffer.alloc(1024 * 1024, "x");
for (let sent = 0; sent < scenario.flood; sent += block.length) await write(block);
process.stderr.write(scenario.stderr);
if (scenario.hangs) setInterval(() => {}, 1000);
else if (scenario.leavesChild) process.exit(scenario.exitCode);
else process.exitCode = scenario.exitCode;

async function write(piece: Uint8Array): Promise<void> {
  await new Promise<void>((resolve) => process.stdout.write(piece, () => setImmediate(resolve)));
}
