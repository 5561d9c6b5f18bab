import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { feedProgram, runProgram } from "./programs.ts";

const FILE_BYTES = 10_240;
const IN_A_FOLDER = 12;
const FOLDERS_IN_A_PART = 40;
const KNOWN_WORDS = 200;
/** Changes with what is generated, so that nothing old is taken for it. */
const VERSION = 2;

/** A bare repository with one commit. */
export interface Generated {
  readonly gitDir: string;
  readonly commit: string;
}

/**
 * A repository of so many files of 10 KB of text, a dozen in a folder, and one file of ignore rules. Made once
 * below the cache; the same call always means the same commit.
 */
export async function generateRepository(cache: string, files: number): Promise<Generated> {
  const gitDir = join(cache, `${files}-files-v${VERSION}.git`);
  if (!existsSync(gitDir)) await makeWhole(gitDir, files);
  const commit = await runProgram("git", ["rev-parse", "refs/heads/main"], { cwd: gitDir });
  return { gitDir, commit: commit.trim() };
}

/** The path of a file by its number. */
export function filePath(number: number): string {
  const folder = Math.floor(number / IN_A_FOLDER);
  const part = Math.floor(folder / FOLDERS_IN_A_PART);
  return `part-${part}/folder-${folder}/file-${number % IN_A_FOLDER}.ts`;
}

async function makeWhole(gitDir: string, files: number): Promise<void> {
  const unfinished = `${gitDir}.${randomUUID()}`;
  await mkdir(unfinished, { recursive: true });
  const cwd = unfinished;
  await runProgram("git", ["init", "--quiet", "--bare", "--initial-branch=main", "."], { cwd });
  const fast = ["-c", "core.compression=1", "-c", "core.fsync=none"];
  const importing = ["fast-import", "--quiet", "--done", "--depth=0"];
  await feedProgram(["git", ...fast, ...importing], cwd, stream(files));
  await rename(unfinished, gitDir);
}

function* stream(files: number): Generator<Buffer> {
  const who = "bench <bench@example.invalid> 1700000000 +0000";
  yield Buffer.from(
    `feature done\ncommit refs/heads/main\nauthor ${who}\ncommitter ${who}\ndata 6\nFirst\n`,
  );
  yield entry(".gitignore", Buffer.from("node_modules/\ndist/\n*.log\n"));
  const text = words(1024 * 1024);
  for (let number = 0; number < files; number += 1) {
    const path = filePath(number);
    const begin = Buffer.from(`// ${path}\n`);
    // A step that is prime to everything here: no two files show the same text.
    const from = (number * 7_919) % (text.length - FILE_BYTES);
    yield entry(path, Buffer.concat([begin, text.subarray(from, from + FILE_BYTES)]));
  }
  yield Buffer.from("done\n");
}

function entry(path: string, content: Buffer): Buffer {
  return Buffer.concat([
    Buffer.from(`M 100644 inline ${path}\ndata ${content.length}\n`),
    content,
    Buffer.from("\n"),
  ]);
}

/** Lines of words in an order that does not repeat soon, always the same ones; they pack as well as code does. */
function words(bytes: number): Buffer {
  const known = Array.from({ length: KNOWN_WORDS }, (_, at) => (at * 7_919 + 1_296).toString(36));
  const lines: string[] = [];
  let length = 0;
  let seed = 1;
  while (length < bytes) {
    const line: string[] = [];
    for (let word = 0; word < 10; word += 1) {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      line.push(known[Math.floor(seed / 65_536) % KNOWN_WORDS] ?? "");
    }
    lines.push(line.join(" "));
    length += line.join(" ").length + 1;
  }
  return Buffer.from(`${lines.join("\n")}\n`);
}
