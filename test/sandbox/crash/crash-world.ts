import { execFileSync, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import Docker from "dockerode";
import { keepPresence } from "../../../sandbox/engine/presence.ts";
import { checkoutInto } from "../../../src/git/checkout.ts";
import { createGit } from "../../../src/git/git.ts";
import { createCommitReader } from "../../../src/git/read-commit.ts";
import { tidyMirror } from "../../../src/git/tidy.ts";
import { openWorktree } from "../../../src/git/worktree.ts";
import { createCommitWriter } from "../../../src/git/write-commit.ts";
import { git } from "../../src/git/sample-repository.ts";
import { smallRepository } from "../small-repository.ts";
import { type TestSandbox, testSandbox } from "../test-sandbox.ts";
import type { Life } from "./mortal-process.ts";

const MORTAL = fileURLToPath(new URL("mortal-process.ts", import.meta.url));
const AT_ONCE = 4;
const docker = new Docker();
const never = new AbortController().signal;

/** What there is of an installation in the engine, on the disk and among the mounts. */
export interface Things {
  readonly containers: readonly string[];
  readonly volumes: readonly string[];
  readonly networks: readonly string[];
  readonly layers: readonly string[];
  readonly mounts: readonly string[];
  readonly trees: readonly string[];
  /** Processes that have ended and are still remembered. */
  readonly gone: readonly string[];
}

/** How a life ended. */
interface Death {
  readonly signal: string | null;
  readonly output: string;
}

/** An installation in which processes die while another one lives. */
export interface CrashWorld extends AsyncDisposable {
  readonly owner: string;
  readonly gitDir: string;
  /** What lives are about; the living process is at a commit near it. */
  readonly commit: string;
  readonly near: string;
  /** Trees that nobody uses are made anew by whoever needs them next. */
  forgetTrees(): Promise<void>;
  /** Lives as many lives of this kind, some of them at the same time, and tells how each ended. */
  live(count: number, kind: Partial<Life>, watch?: Watch): Promise<readonly Death[]>;
  /** A sweep as the next start of Nexus makes it. */
  sweep(): Promise<void>;
  things(): Promise<Things>;
  /** Trees of the folders in which lives were to bring their commit, each after its recovery. */
  worktrees(): Promise<readonly string[]>;
  /** Trees of the commits that were made. Throws where git finds a fault in the mirror. */
  made(): Promise<ReadonlySet<string>>;
  /** What is unfinished in the mirror, now and after it was tidied later. */
  unfinished(): Promise<{ readonly now: number; readonly later: readonly string[] }>;
  /** What a new session over a commit holds, as git in its container sees it. */
  treeInside(commit: string): Promise<string>;
  /** The living process is still able to work. */
  stillLives(): Promise<boolean>;
}

/** Is told of a process that has been started, and ends it where it does not end itself. */
type Watch = (kill: () => void) => Promise<void>;

/** Starts an installation with one living session. */
export async function crashWorld(): Promise<CrashWorld> {
  const repository = await bareRepository();
  const { gitDir, commit, near, checkout } = repository;
  const parts = await testSandbox({ mirror: "overlay" });
  const { folder, owner } = parts;
  const cache = await mkdtemp(join(tmpdir(), "nexus-compiled-"));
  const living = await parts.sandbox.open({ gitDir, commit: near, taskId: "living" }, never);
  const successor = (options = {}) => testSandbox({ folder, owner, mirror: "overlay", ...options });
  const worktreesFolder = join(repository.folder, "worktrees");

  return {
    owner,
    gitDir,
    commit,
    near,
    async forgetTrees() {
      await (await successor({ keptTrees: 0 })).sandbox.sweep([]);
    },
    live(count, kind, watch) {
      const usual: Omit<Life, "worktree"> = {
        folder,
        owner,
        gitDir,
        commit,
        checkout,
        mirror: "overlay",
      };
      const life = () => ({ ...usual, worktree: join(worktreesFolder, randomUUID()), ...kind });
      return inBatches(count, () => liveOnce(life(), cache, watch));
    },
    async sweep() {
      await (await successor()).sandbox.sweep([]);
    },
    things: () => thingsOf(parts),
    worktrees: () => recovered(gitDir, worktreesFolder),
    async made() {
      git(gitDir, ["fsck", "--strict", "--no-dangling"]);
      const refs = git(gitDir, ["for-each-ref", "--format=%(tree)", "refs/nexus/made"]);
      return new Set(refs.split("\n").filter(Boolean));
    },
    async unfinished() {
      const now = unfinishedIn(gitDir).length;
      await tidyMirror(gitDir, Date.now() + 2 * 3_600_000);
      return { now, later: unfinishedIn(gitDir) };
    },
    async treeInside(at) {
      await using session = await (await successor()).sandbox.open(
        { gitDir, commit: at, taskId: "look" },
        never,
      );
      const script = "git status --porcelain && git add -A -f && git write-tree";
      return (await session.run(["sh", "-c", script])).output.trim();
    },
    async stillLives() {
      const { exitCode } = await living.run([
        "sh",
        "-c",
        "test -s README.md && echo x >> README.md",
      ]);
      return exitCode === 0;
    },
    async [Symbol.asyncDispose]() {
      await living[Symbol.asyncDispose]();
      await parts[Symbol.asyncDispose]();
      for (const place of [cache, repository.folder])
        await rm(place, { recursive: true, force: true });
    },
  };
}

/** A mirror as Nexus has it, with two commits that differ in one file. */
async function bareRepository() {
  await using repository = await smallRepository({
    "README.md": "hello\n",
    "src/old.txt": "old\n",
    "src/kept.txt": "kept\n",
    "lib/one": "one\n",
    "lib/two": "two\n",
    "run.sh": "echo\n",
    link: { link: "src" },
    "folder/inner": "inner\n",
    large: "0123456789abcdef\n".repeat(20_000),
  });
  const folder = await mkdtemp(join(tmpdir(), "nexus-crash-"));
  const gitDir = join(folder, "mirror.git");
  execFileSync("git", ["clone", "-q", "--bare", repository.gitDir, gitDir]);
  const plain = createGit();
  const read = createCommitReader(plain, gitDir);
  const content = Buffer.from("hi\n");
  const { commit: near } = await createCommitWriter(plain, gitDir, { read }).commitEdits({
    parent: repository.commit,
    edits: [{ kind: "write", path: "README.md", mode: "100644", content }],
    message: "near",
  });
  // It stays reachable, and is none of those that the lives make.
  git(gitDir, ["update-ref", "refs/heads/near", near]);
  for (const ref of git(gitDir, ["for-each-ref", "--format=%(refname)", "refs/nexus"]).split("\n"))
    git(gitDir, ["update-ref", "-d", ref]);
  const { commit } = repository;
  const checkout = join(folder, "checkout");
  await checkoutInto({ gitDir, commit, folder: checkout });
  await rm(join(checkout, ".git"), { recursive: true });
  return { folder, gitDir, commit, near, checkout };
}

async function inBatches<T>(count: number, work: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  while (results.length < count) {
    const size = Math.min(AT_ONCE, count - results.length);
    results.push(...(await Promise.all(Array.from({ length: size }, work))));
  }
  return results;
}

async function liveOnce(life: Life, cache: string, watch?: Watch): Promise<Death> {
  const child = spawn(process.execPath, [MORTAL, JSON.stringify(life)], {
    env: { ...process.env, NODE_COMPILE_CACHE: cache },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [[, signal], stdout, stderr] = await Promise.all([
    once(child, "exit"),
    text(child.stdout),
    text(child.stderr),
    watch?.(() => child.kill("SIGKILL")),
  ]);
  return { signal, output: stdout + stderr };
}

async function thingsOf({ folder, owner }: TestSandbox): Promise<Things> {
  const filters = { label: [`nexus.owner=${owner}`] };
  const containers = await docker.listContainers({ all: true, filters });
  const volumes = (await docker.listVolumes({ filters })).Volumes ?? [];
  const networks = await docker.listNetworks({ filters });
  const mounts = (await readFile("/proc/self/mounts", "utf8")).split("\n");
  return {
    containers: containers.map(({ Id }) => Id).sort(),
    volumes: volumes.map(({ Name }) => Name).sort(),
    networks: networks.map(({ Id }) => Id).sort(),
    layers: (await readdir(join(folder, "layers"))).sort(),
    mounts: mounts.filter((line) => line.includes(folder)),
    trees: (await readdir(join(folder, "bases"))).sort(),
    gone: await goneIn(join(folder, "processes")),
  };
}

async function goneIn(folder: string): Promise<string[]> {
  const presence = keepPresence(folder);
  const names = await readdir(folder);
  const lives = await Promise.all(names.map((name) => presence.lifeOf(name)));
  return names.filter((_, at) => lives[at] !== "living");
}

async function recovered(gitDir: string, folder: string): Promise<string[]> {
  const trees: string[] = [];
  for (const name of existsSync(folder) ? await readdir(folder) : []) {
    const place = join(folder, name);
    const worktree = await openWorktree({ gitDir, folder: place });
    const tree = treeOf(gitDir, place);
    const said = git(gitDir, ["rev-parse", `${await worktree.at()}^{tree}`]);
    trees.push(tree === said ? tree : `${tree}, although it is said to be ${said}`);
    await rm(place, { recursive: true });
  }
  return trees;
}

/** What git and Nexus write aside before it is whole. */
function unfinishedIn(gitDir: string): string[] {
  const names = readdirSync(gitDir, { recursive: true, encoding: "utf8" });
  return names.filter((name) => /(?:^|\/)(?:nexus-new-|tmp_|\.tmp-)|\.lock$/.test(name));
}

/** The tree that a folder is, as plain git with an index of its own sees it. */
function treeOf(gitDir: string, folder: string): string {
  const index = `${folder}.index`;
  const env = {
    PATH: process.env.PATH,
    HOME: "/dev/null",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_DIR: gitDir,
    GIT_WORK_TREE: folder,
    GIT_INDEX_FILE: index,
  };
  const run = (args: readonly string[]) =>
    execFileSync("git", ["-c", "core.bare=false", ...args], { cwd: folder, env, encoding: "utf8" });
  run(["add", "-A", "-f", "."]);
  const tree = run(["write-tree"]).trim();
  execFileSync("rm", ["-f", index]);
  return tree;
}
