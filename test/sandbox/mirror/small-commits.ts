import { mkdir } from "node:fs/promises";
import { git } from "../../src/git/sample-repository.ts";

/** A bare repository of commits with these files, one after the other. Names are plain text. */
export async function smallCommits(
  gitDir: string,
  states: readonly Readonly<Record<string, string>>[],
): Promise<{ gitDir: string; commits: string[] }> {
  await mkdir(gitDir, { recursive: true });
  git(gitDir, ["init", "--quiet", "--bare", "--initial-branch=main"]);
  const stream = states.map((files, at) => commitOf(files, at)).join("");
  git(gitDir, ["fast-import", "--quiet", "--done"], `${stream}done\n`);
  return { gitDir, commits: git(gitDir, ["rev-list", "--reverse", "main"]).split("\n") };
}

function commitOf(files: Readonly<Record<string, string>>, at: number): string {
  const writes = Object.entries(files).map(
    ([path, data]) => `M 644 inline "${path}"\ndata ${Buffer.byteLength(data)}\n${data}\n`,
  );
  const who = `Ada <ada@example.org> ${1_700_000_000 + at} +0000`;
  return `commit refs/heads/main\ncommitter ${who}\ndata ${String(at).length}\n${at}\ndeleteall\n${writes.join("")}`;
}
