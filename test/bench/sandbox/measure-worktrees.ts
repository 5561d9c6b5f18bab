import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { openWorktree } from "../../../src/git/worktree.ts";
import { tenFiles } from "./edits.ts";
import type { Measuring } from "./measure-runs.ts";
import type { Subject } from "./place.ts";
import { runProgram } from "./programs.ts";

/** What is measured, by its name in the table. */
export const WORKTREES = {
  update: "worktree update of 10 files",
  plain: "git read-tree -m -u of 10 files",
} as const;

const EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

/** A worktree moved there and back, beside plain git in a worktree of its own. */
export async function measureWorktrees(measuring: Measuring): Promise<void> {
  const { place, samples, subjects, rounds } = measuring;
  const movers = [];
  for (const subject of subjects) {
    const { files, commit, mirror, checkout } = subject;
    const folder = join(place.folder, `worktree-${files}`);
    const worktree = await openWorktree({ gitDir: mirror.gitDir, folder });
    await worktree.update(EMPTY_TREE, commit);
    movers.push({ files, worktree, checkout, here: commit, there: await otherCommit(subject) });
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const { files, worktree, checkout, here, there } of movers) {
      const [from, to] = round % 2 === 0 ? [here, there] : [there, here];
      await samples.time({ what: WORKTREES.plain, files }, () =>
        runProgram("git", ["read-tree", "-m", "-u", from, to], { cwd: checkout }),
      );
      const { kind } = await samples.time({ what: WORKTREES.update, files }, () =>
        worktree.update(from, to),
      );
      if (kind !== "moved") throw new Error("The worktree was not moved.");
    }
  }
}

async function otherCommit({ files, commit, mirror, checkout }: Subject): Promise<string> {
  const edits = [];
  for (const path of tenFiles(files, 0).modified) {
    const content = Buffer.concat([
      await readFile(join(checkout, path)),
      Buffer.from("// moved\n"),
    ]);
    edits.push({ kind: "write" as const, mode: "100644" as const, path, content });
  }
  return (await mirror.commitEdits({ parent: commit, edits, message: "Moved\n" })).commit;
}
