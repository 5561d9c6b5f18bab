import { execFileSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A file of a small repository: its text, or what else it is. */
export type SmallFile = string | { readonly link: string } | { readonly script: string };

export interface SmallRepository extends AsyncDisposable {
  readonly gitDir: string;
  readonly commit: string;
}

const ENVIRONMENT = {
  PATH: process.env.PATH ?? "/usr/bin:/bin",
  HOME: "/nonexistent",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_AUTHOR_NAME: "test",
  GIT_AUTHOR_EMAIL: "test@example.org",
  GIT_COMMITTER_NAME: "test",
  GIT_COMMITTER_EMAIL: "test@example.org",
};

function git(cwd: string, ...args: string[]): string {
  return execFileSync("git", args, { cwd, env: ENVIRONMENT, encoding: "utf8" }).trim();
}

/** One commit with these files, in a repository of its own. */
export async function smallRepository(
  files: Readonly<Record<string, SmallFile>>,
): Promise<SmallRepository> {
  const folder = await mkdtemp(join(tmpdir(), "nexus-repository-"));
  git(folder, "init", "-q", "-b", "main");
  for (const [path, file] of Object.entries(files)) {
    const place = join(folder, path);
    await mkdir(dirname(place), { recursive: true });
    if (typeof file === "string") await writeFile(place, file);
    else if ("link" in file) await symlink(file.link, place);
    else {
      await writeFile(place, file.script);
      await chmod(place, 0o755);
    }
  }
  git(folder, "add", "--all", "--force");
  git(folder, "commit", "-q", "--allow-empty", "-m", "first");
  return {
    gitDir: join(folder, ".git"),
    commit: git(folder, "rev-parse", "HEAD"),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** A checkout good enough for tests: a repository that has fetched the one commit. */
export async function smallCheckout(at: {
  gitDir: string;
  commit: string;
  folder: string;
}): Promise<void> {
  git(at.folder, "init", "-q", "-b", "main");
  git(at.folder, "fetch", "-q", "--depth=1", at.gitDir, at.commit);
  git(at.folder, "reset", "-q", "--hard", at.commit);
}
