import { execFile } from "node:child_process";
import { appendFile, mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { createMirrors, type FetchingMirror } from "../../../src/git/mirrors.ts";

/** Nexus' mirror of a repository, and the commit that is attacked. */
export interface AttackedRepository {
  readonly mirror: FetchingMirror;
  readonly commit: string;
}

const GIVEN: Readonly<Record<string, string>> = {
  "README.md": "# Attacked\n",
  "src/a.txt": "a\n",
  "given/f2/folder/inside.txt": "g\n",
  "given/f3/file.txt": "g\n",
  "given/f4/kept.txt": "g\n",
  "given/f4/gone": "g\n",
  "given/f4/keep/k.txt": "g\n",
  "given/f7/file.txt": "g\n",
  "given/f9/readme": "g\n",
  "given/f9/sub/a.txt": "g\n",
  "given/f10/file.txt": "g\n",
  "given/f10/folder/a.txt": "g\n",
  "given/f10/folder/b.txt": "g\n",
  "given/f10/anew/old.txt": "g\n",
  "given/f10/moved/x.txt": "x\n",
  "given/f11/same.txt": "A\n",
  "given/f11/touched.txt": "t\n",
  "given/f11/mode.txt": "m\n",
  "given/f11/private.txt": "p\n",
};
const GIVEN_LINKS: Readonly<Record<string, string>> = {
  "given/f2/link": "../../src",
  "given/f10/link": "file.txt",
};

/** Writes a person's checkout: secrets in files beside the repository, in its history and in its configuration. */
export async function makeCheckout(
  folder: string,
  [inFile = "", inHistory = "", inConfig = ""]: string[],
) {
  const git = async (...args: string[]) => await hostGit(folder, args);
  const write = async (path: string, text: string) => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  };
  await mkdir(folder);
  await git("init", "-q", "-b", "main");
  await write("secret.txt", `${inHistory}\n`);
  await git("add", "--all");
  await git("commit", "-q", "-m", inHistory);
  await git("rm", "-q", "secret.txt");
  for (const [path, text] of Object.entries(GIVEN)) await write(path, text);
  for (const [path, target] of Object.entries(GIVEN_LINKS))
    await symlink(target, join(folder, path));
  await git("add", "--all");
  await git("commit", "-q", "-m", "attacked");
  await git("config", "remote.origin.url", `https://x:${inConfig}@example.org/a/b`);
  for (const name of [".env", ".npmrc", ".git-credentials"]) await write(name, `${inFile}\n`);
}

/** Fetches the checkout into a mirror as Nexus does, whose configuration holds one more secret. */
export async function makeMirror(
  folder: string,
  checkout: string,
  canary: string,
): Promise<AttackedRepository> {
  const mirrors = createMirrors({ folder: join(folder, "mirrors"), allowFile: true });
  const mirror = await mirrors.open({ owner: "octo", name: "attacked" });
  const { signal } = new AbortController();
  const commit = await mirror.fetch({ url: `file://${checkout}`, ref: "refs/heads/main", signal });
  await appendFile(
    join(mirror.gitDir, "config"),
    `[remote "origin"]\n\turl = https://x:${canary}@example.org/octo/attacked\n`,
  );
  return { mirror, commit };
}

/** The message of a commit, as it lies in the repository. */
export async function messageOf(gitDir: string, commit: string): Promise<string> {
  const text = await hostGit(gitDir, ["--git-dir=.", "cat-file", "commit", commit]);
  return text.slice(text.indexOf("\n\n") + 2).trim();
}

async function hostGit(cwd: string, args: readonly string[]): Promise<string> {
  const env = {
    PATH: process.env.PATH,
    HOME: "/nonexistent",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_AUTHOR_NAME: "a",
    GIT_AUTHOR_EMAIL: "a@example.org",
    GIT_COMMITTER_NAME: "a",
    GIT_COMMITTER_EMAIL: "a@example.org",
  };
  const { stdout } = await promisify(execFile)("git", args, { cwd, env });
  return stdout;
}
