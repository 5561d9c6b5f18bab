import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

/** The command. */
export const NEXUS = resolve(import.meta.dirname, "../../../../src/cli/nexus.sh");

/** What files of a repository hold, by path. */
export type Files = Readonly<Record<string, string | Buffer>>;

/** A person's home and a repository of theirs, with the command as they would run it. */
export async function driverWorld() {
  const place = await mkdtemp(join(tmpdir(), "nexus driver: it's 100%A-"));
  const home = join(place, "home");
  const repository = join(place, "repository");
  await mkdir(home);
  await mkdir(repository);
  const env = {
    PATH: process.env.PATH ?? "/usr/bin:/bin",
    HOME: home,
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_AUTHOR_NAME: "maria",
    GIT_AUTHOR_EMAIL: "maria@example.org",
    GIT_COMMITTER_NAME: "maria",
    GIT_COMMITTER_EMAIL: "maria@example.org",
  };

  function run(program: string, args: readonly string[], cwd = repository) {
    const { status, stdout, stderr } = spawnSync(program, args, { cwd, env, encoding: "utf8" });
    return { code: status, out: stdout, err: stderr };
  }

  const nexusIn = (cwd: string, ...args: string[]) => run(NEXUS, ["merge", ...args], cwd);
  const nexus = (...args: string[]) => nexusIn(repository, ...args);
  const git = (...args: string[]) => run("git", args);
  const at = (name: string) => join(repository, name);
  const text = (name: string) => readFile(at(name), "latin1");

  async function write(files: Files): Promise<void> {
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(at(name)), { recursive: true });
      await writeFile(at(name), content);
    }
  }

  function commitAll(): void {
    git("add", ".");
    const { code, err } = git("commit", "--quiet", "--message", "one more");
    if (code !== 0) throw new Error(err);
  }

  /** Two branches that both changed these files; what is checked out is `main`. */
  async function branches(base: Files, ours: Files, theirs: Files): Promise<void> {
    await write(base);
    commitAll();
    git("checkout", "--quiet", "-b", "topic");
    await write(theirs);
    commitAll();
    git("checkout", "--quiet", "main");
    await write(ours);
    commitAll();
  }

  git("init", "--quiet", "--initial-branch=main");
  return {
    place,
    home,
    repository,
    run,
    nexus,
    nexusIn,
    git,
    text,
    write,
    branches,
    commitAll,
    attributes: () => text(".git/info/attributes"),
    [Symbol.asyncDispose]: () => rm(place, { recursive: true, force: true }),
  };
}
