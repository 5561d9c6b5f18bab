import { execFile } from "node:child_process";
import { chmod, mkdir, readFile, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { openWorktree } from "../../../src/git/worktree.ts";
import { type Files, git, temporaryFolder, upstreamWith } from "./sample-repository.ts";

const before: Files = {
  "README.md": "hello\n",
  "bin/run": { mode: "100755", content: "#!/bin/sh\n" },
  link: { mode: "120000", content: "README.md" },
  "swap/inner": "1\n",
  other: "other\n",
  'odd\n"name': "odd\n",
};
const after: Files = {
  "README.md": "changed\n",
  "bin/run": { mode: "100644", content: "#!/bin/sh\n" },
  "link/now/deep": "a folder\n",
  swap: "a file\n",
  other: "other\n",
  "added/x": "x\n",
};

async function moved(from: Files = before, to: Files = after) {
  const upstream = await upstreamWith(from);
  const next = upstream.commit(to, { parents: [upstream.main] });
  const folder = join(await temporaryFolder(), "tree");
  const options = { gitDir: upstream.gitDir, folder };
  const worktree = await openWorktree(options);
  expect(await worktree.update(await worktree.at(), upstream.main)).toEqual({ kind: "moved" });
  return { upstream, main: upstream.main, next, folder, options, worktree };
}

/** The tree that a folder is, as plain git with an index of its own sees it. */
async function treeOf(gitDir: string, folder: string): Promise<string> {
  const env = {
    PATH: process.env.PATH,
    HOME: "/dev/null",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_DIR: gitDir,
    GIT_WORK_TREE: folder,
    GIT_INDEX_FILE: join(await temporaryFolder(), "index"),
  };
  const run = (args: string[]) => promisify(execFile)("git", args, { cwd: folder, env });
  await run(["-c", "core.bare=false", "-c", "core.excludesFile=/dev/null", "add", "-A", "-f", "."]);
  return (await run(["write-tree"])).stdout.trim();
}

const tree = (gitDir: string, commit: string) => git(gitDir, ["rev-parse", `${commit}^{tree}`]);

describe("a worktree", () => {
  it("goes from commit to commit and back: files, modes, links, folders", async () => {
    const { upstream, main, next, folder, worktree, options } = await moved();
    expect(await treeOf(upstream.gitDir, folder)).toBe(tree(upstream.gitDir, main));

    const there = await worktree.update(main, next);
    const treeThere = await treeOf(upstream.gitDir, folder);
    const back = await (await openWorktree(options)).undo();

    expect([there, back]).toEqual([{ kind: "moved" }, { kind: "moved" }]);
    expect(treeThere).toBe(tree(upstream.gitDir, next));
    expect(await treeOf(upstream.gitDir, folder)).toBe(tree(upstream.gitDir, main));
    expect(await worktree.at()).toBe(main);
  });

  it.each<[string, (folder: string) => Promise<unknown>, string]>([
    ["an edited file", (f) => writeFile(join(f, "README.md"), "mine\n"), "README.md"],
    ["a file whose mode a person changed", (f) => chmod(join(f, "README.md"), 0o755), "README.md"],
    [
      "an untracked file",
      async (f) => {
        await mkdir(join(f, "added"));
        await writeFile(join(f, "added/x"), "mine\n");
      },
      "added/x",
    ],
    [
      "an untracked file where a folder belongs",
      (f) => writeFile(join(f, "added"), "mine\n"),
      "added/x",
    ],
    ["a link where a folder belongs", (f) => symlink("/tmp", join(f, "added")), "added/x"],
  ])("refuses %s in the way and touches nothing", async (_name, change, path) => {
    const { upstream, main, next, folder, worktree } = await moved();
    await change(folder);
    const was = await treeOf(upstream.gitDir, folder);

    const answer = await worktree.update(main, next);

    expect(answer).toEqual({ kind: "refused", reason: "edited", paths: [path] });
    expect(await treeOf(upstream.gitDir, folder)).toBe(was);
    expect(await worktree.at()).toBe(main);
  });

  it("keeps a person's edits of other files, and takes a touched file for what it holds", async () => {
    const { main, next, folder, worktree } = await moved();
    await writeFile(join(folder, "other"), "mine\n");
    await writeFile(join(folder, "untracked"), "mine\n");
    await utimes(join(folder, "README.md"), 1, 1);

    const answer = await worktree.update(main, next);

    expect(answer).toEqual({ kind: "moved" });
    expect(await readFile(join(folder, "other"), "utf8")).toBe("mine\n");
    expect(await readFile(join(folder, "untracked"), "utf8")).toBe("mine\n");
    expect(await readFile(join(folder, "README.md"), "utf8")).toBe("changed\n");
  });

  it("takes over a folder that somebody else has checked out", async () => {
    const { main, next, folder, upstream } = await moved();
    await rm(join(upstream.gitDir, "nexus-worktrees"), { recursive: true });
    const { gitDir } = upstream;

    await expect(openWorktree({ gitDir, folder })).rejects.toThrow("empty folder");
    const worktree = await openWorktree({ gitDir, folder, holds: main });

    expect(await worktree.update(main, next)).toEqual({ kind: "moved" });
    expect(await treeOf(gitDir, folder)).toBe(tree(gitDir, next));
  });

  it("refuses names that a folder cannot hold apart before anything is written", async () => {
    const twins = { ...before, "src/a": "1", "SRC/b": "2", "e\u0301": "3", "\u00e9": "4" };
    const { upstream, main, next, folder, options, worktree } = await moved(before, twins);
    const folding = await openWorktree({ ...options, folds: true });

    const answer = await folding.update(main, next);

    const paths = ["SRC", "e\u0301", "src", "\u00e9"];
    expect(answer).toEqual({ kind: "refused", reason: "case-twins", paths });
    expect(await treeOf(upstream.gitDir, folder)).toBe(tree(upstream.gitDir, main));
    expect(await worktree.update(main, next)).toEqual({ kind: "moved" });
  });

  it("refuses to move from where it is not, to what is not here, and back from nowhere", async () => {
    const { upstream, main, next, folder, options, worktree } = await moved();
    const fresh = await openWorktree({ ...options, folder: join(folder, "..", "fresh") });

    await expect(worktree.update(next, main)).rejects.toThrow("holds another commit");
    await expect(worktree.update(main, "a".repeat(40))).rejects.toMatchObject({
      code: "git.failed",
    });
    await expect(worktree.update(main, "--help")).rejects.toThrow("is not an object id");
    await expect(fresh.undo()).rejects.toThrow("nothing to undo");
    expect(await treeOf(upstream.gitDir, folder)).toBe(tree(upstream.gitDir, main));
    expect(await worktree.update(main, next)).toEqual({ kind: "moved" });
  });
});
