import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { onTestFinished } from "vitest";
import type { Edit } from "../../../src/core/change-set.ts";
import { createMirrors, type FetchingMirror } from "../../../src/git/mirrors.ts";

const PERSON = {
  GIT_AUTHOR_NAME: "Ada",
  GIT_AUTHOR_EMAIL: "ada@example.org",
  GIT_COMMITTER_NAME: "Ada",
  GIT_COMMITTER_EMAIL: "ada@example.org",
};

/** A folder that is gone after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "nexus-git-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Plain git, as a person runs it, without this machine's configuration. */
export function git(gitDir: string, args: readonly string[], input: string | Buffer = ""): string {
  const env = {
    PATH: process.env.PATH,
    HOME: "/dev/null",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_DIR: gitDir,
    ...PERSON,
  };
  return execFileSync("git", args, {
    cwd: gitDir,
    env,
    input,
    stdio: "pipe",
    encoding: "utf8",
  }).trim();
}

/** A bare repository elsewhere, as a person's commits made it. */
export interface Upstream {
  readonly gitDir: string;
  readonly url: string;
  /** Commits raw tree entries: what a hostile person can push. */
  commit(files: Files, at?: { branch?: string; parents?: readonly string[] }): string;
  tip(branch: string): string;
}

export type Files = Readonly<Record<string, string | Buffer | { mode: string; content: string }>>;

/** A repository whose `main` holds these files. */
export async function upstreamWith(files: Files): Promise<Upstream & { main: string }> {
  const gitDir = join(await temporaryFolder(), "upstream.git");
  execFileSync("git", ["init", "--quiet", "--bare", "--initial-branch=main", gitDir]);
  const commit: Upstream["commit"] = (wanted, { branch = "main", parents = [] } = {}) => {
    const tree = treeOf(gitDir, wanted);
    const args = ["commit-tree", tree, "-m", "by a person", ...parents.flatMap((p) => ["-p", p])];
    const id = git(gitDir, args);
    git(gitDir, ["update-ref", `refs/heads/${branch}`, id]);
    return id;
  };
  const tip = (branch: string) => git(gitDir, ["rev-parse", "--verify", `refs/heads/${branch}`]);
  return { gitDir, url: pathToFileURL(gitDir).href, commit, tip, main: commit(files) };
}

/** Writes raw tree entries into a repository. */
export function treeOf(gitDir: string, files: Files): string {
  const here: string[] = [];
  const below = new Map<string, Record<string, Files[string]>>();
  for (const [path, file] of Object.entries(files)) {
    const slash = path.indexOf("/");
    if (slash > 0) {
      const name = path.slice(0, slash);
      below.set(name, { ...below.get(name), [path.slice(slash + 1)]: file });
    } else here.push(entry(gitDir, path, file));
  }
  for (const [name, inner] of below) here.push(`040000 tree ${treeOf(gitDir, inner)}\t${name}`);
  return git(gitDir, ["mktree", "-z", "--missing"], here.map((line) => `${line}\0`).join(""));
}

function entry(gitDir: string, path: string, file: Files[string] = ""): string {
  const { mode, content } =
    typeof file === "string" || Buffer.isBuffer(file) ? { mode: "100644", content: file } : file;
  if (mode === "160000") return `160000 commit ${content.toString()}\t${path}`;
  const id = git(gitDir, ["hash-object", "-w", "--stdin"], content);
  return `${mode} blob ${id}\t${path}`;
}

/** Nexus' mirror of a repository, already at its `main`. */
export async function mirrorOf(upstream: { url: string; main: string }): Promise<FetchingMirror> {
  const mirrors = createMirrors({ folder: await temporaryFolder(), allowFile: true });
  const mirror = await mirrors.open({ owner: "ada", name: "sample" });
  await mirror.fetch({ url: upstream.url, ref: "refs/heads/main", signal: freshSignal() });
  return mirror;
}

export function freshSignal(): AbortSignal {
  return new AbortController().signal;
}

export function write(
  path: string,
  content: string,
  mode: "100644" | "100755" | "120000" = "100644",
): Edit {
  return { kind: "write", path, mode, content: Buffer.from(content) };
}

export function remove(path: string): Edit {
  return { kind: "delete", path };
}
