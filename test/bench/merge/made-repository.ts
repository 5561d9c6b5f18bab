import { execFileSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";

/** Runs git as somebody who has a name. */
export function git(cwd: string, ...args: string[]): void {
  const who = ["-c", "user.name=maria", "-c", "user.email=maria@example.org"];
  execFileSync("git", [...who, "-c", "init.defaultBranch=main", ...args], { cwd, stdio: "ignore" });
}

/** A repository without a commit. */
export async function born(path: string): Promise<void> {
  await mkdir(path);
  git(path, "init");
}

async function commit(path: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) await writeFile(join(path, name), text);
  git(path, "add", ".");
  git(path, "commit", "--message", "one more");
}

/** A repository without a merge. */
export async function linear(path: string): Promise<void> {
  await born(path);
  await commit(path, { "a.txt": "a\n" });
}

/** A clean merge, and one in which people settled two conflicts and a lockfile, and committed another one as it was. */
export async function mergedByPeople(path: string): Promise<void> {
  await born(path);
  const file = {
    "list.txt": "one\n",
    "a.js": "let name = 1;\n",
    "yarn.lock": "a\n",
    "b.txt": "b\n",
    "c.txt": "c\n",
  };
  await commit(path, file);
  git(path, "checkout", "-b", "side");
  await commit(path, {
    "list.txt": "one\nside\n",
    "a.js": "let side = 1;\n",
    "yarn.lock": "b\n",
    "c.txt": "side\n",
  });
  git(path, "checkout", "main");
  await commit(path, { "b.txt": "bb\n" });
  git(path, "merge", "--no-ff", "side");
  git(path, "checkout", "-b", "other", "side~1");
  await commit(path, {
    "list.txt": "one\nother\n",
    "a.js": "let other = 1;\n",
    "yarn.lock": "c\n",
    "c.txt": "other\n",
  });
  git(path, "checkout", "main");
  // It stops, which ends git with 1.
  expect(() => git(path, "merge", "other")).toThrow();
  // c.txt stays as git left it.
  await commit(path, {
    "list.txt": "one\nother\nside\n",
    "a.js": "let other = 1;\n",
    "yarn.lock": "d\n",
  });
}
