import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { Task } from "../../../../src/core/task.ts";
import { checkoutInto } from "../../../../src/git/checkout.ts";
import { createMirrors } from "../../../../src/git/mirrors.ts";
import { type Row, readRow } from "../../../../src/pipeline/trajectory.ts";
import { createSyntax } from "../../../../src/syntax/create-syntax.ts";
import { createLocalSandbox } from "../../../fakes/local-sandbox.ts";

/** Where recorded trajectories are kept. */
export const FOLDER = new URL("../../../fixtures/trajectories/", import.meta.url);

const Repository = z.object({
  kind: z.literal("repository"),
  files: z.record(z.string(), z.string()),
});
const TaskLine = z.object({ kind: z.literal("task"), task: Task });

/** A recorded run, with all that it takes to do it over again. */
export interface Trajectory {
  readonly files: Readonly<Record<string, string>>;
  readonly task: Task;
  readonly rows: readonly Row[];
}

/** As text: one JSON value a line. Commits are made anew each time, so they are not written down. */
export function trajectoryText({ files, task, rows }: Trajectory): string {
  const lines = [{ kind: "repository", files }, { kind: "task", task }, ...rows];
  return lines.map((line) => `${JSON.stringify(line, withoutCommits)}\n`).join("");
}

function withoutCommits(key: string, value: unknown): unknown {
  return key === "commit" || key === "base" ? "0".repeat(40) : value;
}

/** Reads that text. */
export function readTrajectory(text: string): Trajectory {
  const [first, second, ...rest] = text
    .trimEnd()
    .split("\n")
    .map((line): unknown => JSON.parse(line));
  const { files } = Repository.parse(first);
  const { task } = TaskLine.parse(second);
  return { files, task, rows: rest.map(readRow) };
}

/** The rows as if they were recorded over this commit: made anew, it is another one each time. */
export function rowsOver(commit: string, rows: readonly Row[]): readonly Row[] {
  return rows.map((row) => {
    if (row.kind === "briefed") return { ...row, commit, rules: { commit } };
    return row.kind === "assigned" ? { ...row, commit } : row;
  });
}

/** A repository with these files and a sandbox without walls, until disposed. */
export async function replayWorld(files: Trajectory["files"]) {
  const folder = await mkdtemp(join(tmpdir(), "nexus-replay-"));
  const upstream = join(folder, "upstream");
  await mkdir(upstream);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(upstream, path)), { recursive: true });
    await writeFile(join(upstream, path), text);
  }
  for (const args of [
    ["init", "-q", "-b", "main"],
    ["add", "--all"],
    ["commit", "-q", "-m", "first"],
  ])
    execFileSync("git", args, { cwd: upstream, env: PERSON });
  const mirrors = createMirrors({ folder: join(folder, "mirrors"), allowFile: true });
  const mirror = await mirrors.open({ owner: "octo", name: "shop" });
  const signal = new AbortController().signal;
  const url = pathToFileURL(join(upstream, ".git")).href;
  const commit = await mirror.fetch({ url, ref: "refs/heads/main", signal });
  return {
    /** As an installation has it: its mirrors are in it. */
    folder,
    commit,
    signal,
    mirror: { ...mirror, fetch: async () => commit, deepen: async () => [] },
    sandbox: createLocalSandbox(checkoutInto),
    syntax: createSyntax,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

const PERSON = {
  PATH: process.env.PATH,
  HOME: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_AUTHOR_NAME: "Ada",
  GIT_AUTHOR_EMAIL: "ada@example.org",
  GIT_COMMITTER_NAME: "Ada",
  GIT_COMMITTER_EMAIL: "ada@example.org",
};
