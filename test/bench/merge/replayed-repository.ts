import { existsSync, statSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { NexusError } from "../../../src/core/errors.ts";
import { type Blobs, type Ended, openBlobs, runToEnd } from "./git-process.ts";

/** A merge that people made. */
export interface PeoplesMerge {
  readonly commit: string;
  readonly parents: readonly [string, string];
}

/** A repository whose merges are done again. Nothing is written into it. */
export interface ReplayedRepository extends AsyncDisposable {
  /** The last folders of its address that say something. */
  readonly name: string;
  readonly blobs: Blobs;
  git(args: readonly string[]): Promise<Ended>;
  /** Newest first. */
  merges(most: number): Promise<readonly PeoplesMerge[]>;
}

const EVERYWHERE = ["--exclude=refs/pull/*/merge", "--exclude=refs/notes/*", "--all"];

/** Opens a bare repository or a checkout. Throws `config.invalid` where there is none. */
export async function openReplayed(path: string): Promise<ReplayedRepository> {
  const gitDir = await gitDirOf(path);
  const folder = await mkdtemp(join(tmpdir(), "nexus-bench-merge-"));
  const objects = join(folder, "objects");
  await mkdir(objects);
  const env = {
    // What git's merges make lies beside the repository.
    GIT_OBJECT_DIRECTORY: objects,
    GIT_ALTERNATE_OBJECT_DIRECTORIES: JSON.stringify(join(gitDir, "objects")),
  };
  const git = (args: readonly string[]) =>
    runToEnd("git", [`--git-dir=${gitDir}`, ...args], { env });
  const blobs = openBlobs(gitDir, env);
  return {
    name: nameOf(path),
    blobs,
    git,
    async merges(most) {
      const two = ["--min-parents=2", "--max-parents=2", "--date-order", "--parents"];
      const listed = await git(["rev-list", ...two, `--max-count=${most}`, ...EVERYWHERE]);
      if (listed.code !== 0)
        throw unusable(`${path} cannot be read by git: ${firstLine(listed.stderr)}`);
      const merges = listed.stdout.toString().split("\n").flatMap(mergeOf);
      if (merges.length === 0) throw unusable(`${path} has no merge commits`);
      return merges;
    },
    async [Symbol.asyncDispose]() {
      await blobs[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Where objects and refs are: another place than the checkout's own for a worktree and for a submodule. */
async function gitDirOf(path: string): Promise<string> {
  if (!existsSync(path)) throw unusable(`there is no folder ${path}`);
  if (!statSync(path).isDirectory()) throw unusable(`${path} is no folder`);
  const inside = join(path, ".git");
  const near = resolve(existsSync(inside) ? inside : path);
  const ask = ["rev-parse", "--path-format=absolute", "--git-common-dir"];
  const { code, stdout } = await runToEnd("git", [`--git-dir=${near}`, ...ask]);
  if (code !== 0) throw unusable(`${path} is no git repository`);
  return stdout.toString().replace(/\n$/, "");
}

function mergeOf(line: string): PeoplesMerge[] {
  const [commit, first, second] = line.split(" ");
  if (commit === undefined || first === undefined || second === undefined) return [];
  return [{ commit, parents: [first, second] }];
}

function nameOf(path: string): string {
  const words = resolve(path)
    .split("/")
    .filter((word) => !/^(?:repo|repository|\.git)$/.test(word));
  return (words.at(-1) ?? path).replace(/\.git$/, "");
}

function firstLine(text: string): string {
  return text.trim().split("\n")[0] ?? "";
}

/** What the bench cannot use. */
export function unusable(why: string): NexusError {
  return new NexusError("config.invalid", why);
}
