import { spawn } from "node:child_process";

/** What every git process of the emulator sees: nothing of this machine's settings. */
export const GIT_ENV: Record<string, string> = {
  PATH: process.env.PATH ?? "/usr/bin:/bin",
  HOME: "/nonexistent",
  LC_ALL: "C",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_TERMINAL_PROMPT: "0",
  GIT_LITERAL_PATHSPECS: "1",
};

interface GitResult {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

interface GitInput {
  readonly input?: string | Buffer;
  readonly env?: Record<string, string>;
  /** Exit codes beside 0 that are an answer. */
  readonly allow?: readonly number[];
}

/** One git command on a bare repository. */
export function git(
  folder: string,
  args: readonly string[],
  { input, env, allow = [] }: GitInput = {},
): Promise<GitResult> {
  return new Promise((resolve, reject) => {
    const child = spawn("git", [`--git-dir=${folder}`, ...args], { env: { ...GIT_ENV, ...env } });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
    child.on("error", reject);
    child.stdin.on("error", () => {});
    child.on("close", (code) => {
      const result = {
        code: code ?? -1,
        stdout: Buffer.concat(out),
        stderr: Buffer.concat(err).toString(),
      };
      if (result.code === 0 || allow.includes(result.code)) resolve(result);
      else reject(new Error(`git ${args[0]} ended with ${result.code}: ${result.stderr}`));
    });
    child.stdin.end(input);
  });
}

async function text(folder: string, args: readonly string[], options?: GitInput): Promise<string> {
  return (await git(folder, args, options)).stdout.toString();
}

export async function initBare(folder: string, branch: string): Promise<void> {
  await git(folder, ["init", "--quiet", "--bare", `--initial-branch=${branch}`, folder]);
}

/** Branches and tags with what they point at. */
export async function refsOf(folder: string): Promise<Map<string, string>> {
  const lines = await text(folder, [
    "for-each-ref",
    "--format=%(refname) %(objectname)",
    "refs/heads",
    "refs/tags",
  ]);
  return new Map(
    lines
      .split("\n")
      .filter((line) => line !== "")
      .map((line): [string, string] => {
        const cut = line.lastIndexOf(" ");
        return [line.slice(0, cut), line.slice(cut + 1)];
      }),
  );
}

/** The commit a name stands for, if any. */
export async function commitOf(folder: string, name: string): Promise<string | undefined> {
  const args = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`];
  const found = await git(folder, args, { allow: [1, 128] });
  return found.code === 0 ? found.stdout.toString().trim() : undefined;
}

export async function objectType(folder: string, sha: string): Promise<string | undefined> {
  const found = await git(folder, ["cat-file", "-t", sha], { allow: [1, 128] });
  return found.code === 0 ? found.stdout.toString().trim() : undefined;
}

export interface Signature {
  readonly name: string;
  readonly email: string;
  readonly date: string;
}

export interface Commit {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Signature;
  readonly committer: Signature;
  readonly message: string;
}

const FIELDS = ["%H", "%T", "%P", "%an", "%ae", "%at", "%cn", "%ce", "%ct", "%B"];

function signature([name = "", email = "", seconds = "0"]: readonly string[]): Signature {
  const date = `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}Z`;
  return { name, email, date };
}

/** The commits `git log` names for these arguments, newest first. */
export async function log(folder: string, args: readonly string[]): Promise<Commit[]> {
  const fields = (
    await text(folder, ["log", "-z", `--format=${FIELDS.join("%x00")}`, ...args])
  ).split("\0");
  const commits: Commit[] = [];
  for (let at = 0; at + FIELDS.length <= fields.length; at += FIELDS.length) {
    const [sha = "", tree = "", parents = ""] = fields.slice(at, at + 3);
    commits.push({
      sha,
      tree,
      parents: parents === "" ? [] : parents.split(" "),
      author: signature(fields.slice(at + 3, at + 6)),
      committer: signature(fields.slice(at + 6, at + 9)),
      message: (fields[at + 9] ?? "").trimEnd(),
    });
  }
  return commits;
}

export async function readCommit(folder: string, sha: string): Promise<Commit> {
  const [commit] = await log(folder, ["-1", sha, "--"]);
  if (commit === undefined) throw new Error(`No commit ${sha}.`);
  return commit;
}

export interface TreeEntry {
  readonly path: string;
  readonly mode: string;
  readonly type: string;
  readonly sha: string;
  readonly size: number | undefined;
}

/** One level of a tree, or all of it. */
export async function listTree(
  folder: string,
  tree: string,
  recursive = false,
): Promise<TreeEntry[]> {
  const found = await text(folder, [
    "ls-tree",
    "-z",
    "-l",
    ...(recursive ? ["-r", "-t"] : []),
    tree,
  ]);
  return found
    .split("\0")
    .filter((line) => line !== "")
    .map((line) => {
      const tab = line.indexOf("\t");
      const [mode = "", type = "", sha = "", size = "-"] = line.slice(0, tab).split(/ +/);
      const bytes = size === "-" ? undefined : Number(size);
      return { path: line.slice(tab + 1), mode, type, sha, size: bytes };
    });
}

/** What stands at a path of a commit: a file, a folder, or nothing. */
export async function entryAt(
  folder: string,
  at: { commit: string; path: string },
): Promise<TreeEntry | undefined> {
  const found = await text(folder, ["ls-tree", "-z", "-l", at.commit, "--", at.path]);
  const line = found.split("\0")[0] ?? "";
  if (line === "") return undefined;
  const [mode = "", type = "", sha = "", size = "-"] = line
    .slice(0, line.indexOf("\t"))
    .split(/ +/);
  return { path: at.path, mode, type, sha, size: size === "-" ? undefined : Number(size) };
}

export async function blob(folder: string, sha: string): Promise<Buffer> {
  return (await git(folder, ["cat-file", "blob", sha])).stdout;
}

export async function mergeBase(folder: string, a: string, b: string): Promise<string | undefined> {
  const found = await git(folder, ["merge-base", a, b], { allow: [1] });
  return found.code === 0 ? found.stdout.toString().trim() : undefined;
}

export async function isAncestor(folder: string, old: string, young: string): Promise<boolean> {
  const found = await git(folder, ["merge-base", "--is-ancestor", old, young], { allow: [1, 128] });
  return found.code === 0;
}

/** Whether git itself could merge the two without a conflict. */
export async function mergesCleanly(folder: string, a: string, b: string): Promise<boolean> {
  const found = await git(folder, ["merge-tree", "--write-tree", a, b], { allow: [1, 128] });
  return found.code === 0;
}

export async function count(folder: string, range: string): Promise<number> {
  return Number(await text(folder, ["rev-list", "--count", range, "--"]));
}

export async function setRef(folder: string, ref: string, sha: string): Promise<void> {
  await git(folder, ["update-ref", ref, sha]);
}

export async function dropRef(folder: string, ref: string): Promise<void> {
  await git(folder, ["update-ref", "-d", ref]);
}

export async function isRefName(folder: string, ref: string): Promise<boolean> {
  return (await git(folder, ["check-ref-format", ref], { allow: [1] })).code === 0;
}
