import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findConflicts } from "./find-conflicts.ts";
import { git, mergedByPeople } from "./made-repository.ts";
import { openReplayed } from "./replayed-repository.ts";

let folder = "";
let repository = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "nexus-bench-test-"));
  repository = join(folder, "some-project");
  await mergedByPeople(repository);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const all = { merges: 10, files: 10 };

async function found(path: string) {
  const said: string[] = [];
  await using opened = await openReplayed(path);
  const answer = await findConflicts(opened, all, (line) => void said.push(line));
  return { ...answer, said, paths: answer.files.map((file) => file.path) };
}

async function lose(name: string): Promise<void> {
  const id = execFileSync("git", ["rev-parse", name], { cwd: repository }).toString().trim();
  await rm(join(repository, ".git/objects", id.slice(0, 2), id.slice(2)));
}

describe("the conflicts of a repository", () => {
  it("are found from one of its worktrees too", async () => {
    const worktree = join(folder, "beside");
    git(repository, "worktree", "add", worktree);

    const { merges, paths } = await found(worktree);

    expect({ merges, paths }).toEqual({ merges: 2, paths: ["a.js", "c.txt", "list.txt"] });
  });

  it("do not count merges that git cannot do again, and say how many these are", async () => {
    await lose("side~1:list.txt");

    const { merges, stopped, said } = await found(repository);

    expect({ merges, stopped }).toEqual({ merges: 1, stopped: 0 });
    expect(said).toEqual([
      expect.stringMatching(/^some-project: 1 merges could not be done again: ./),
    ]);
  });

  it("are refused where git can do no merge again", async () => {
    await lose("side~1^{tree}");

    await expect(found(repository)).rejects.toMatchObject({
      code: "config.invalid",
      message: expect.stringContaining("no merge that git can do again"),
    });
  });
});
