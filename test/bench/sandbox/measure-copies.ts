import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Measuring } from "./measure-runs.ts";
import type { Subject } from "./place.ts";
import { runProgram } from "./programs.ts";
import type { Samples } from "./samples.ts";

/** What is measured, by its name in the table. */
export const COPIES = {
  copy: "cp -a",
  copyAndRun: "cp -a + native execution",
  copyToMemory: "cp -a to memory",
  worktree: "git worktree add",
  clone: "git clone --shared",
} as const;

/** Large trees take so long that fewer rounds have to do. */
const LEAST_ROUNDS = 2;

/** Other ways to a tree of one's own. A size stops after `budgetMs`, but not before two rounds. */
export async function measureCopies(measuring: Measuring, budgetMs: number): Promise<void> {
  for (const subject of measuring.subjects) {
    const end = performance.now() + budgetMs;
    for (let round = 0; round < measuring.rounds; round += 1) {
      if (round >= LEAST_ROUNDS && performance.now() > end) break;
      await oneRound(measuring, subject);
    }
  }
}

async function oneRound({ place, samples }: Measuring, subject: Subject): Promise<void> {
  const { files, checkout, mirror } = subject;
  const beside = join(place.sandboxFolder, "copy");
  const begun = performance.now();
  await samples.time({ what: COPIES.copy, files }, () =>
    runProgram("cp", ["-a", checkout, beside], { cwd: place.folder }),
  );
  await runProgram("true", [], { cwd: beside });
  samples.add({ what: COPIES.copyAndRun, files }, performance.now() - begun);
  await rm(beside, { recursive: true });

  const copy = join(place.folder, "copy");
  await samples.time({ what: COPIES.copyToMemory, files }, () =>
    runProgram("cp", ["-a", checkout, copy], { cwd: place.folder }),
  );
  await rm(copy, { recursive: true });

  await addWorktree(samples, subject, copy);
  await rm(copy, { recursive: true });
  await runProgram("git", ["worktree", "prune"], { cwd: mirror.gitDir });

  const args = ["clone", "--quiet", "--shared", mirror.gitDir, copy];
  await samples.time({ what: COPIES.clone, files }, () =>
    runProgram("git", args, { cwd: place.folder }),
  );
  await rm(copy, { recursive: true });
}

/** Writes the files of a subject into a new folder as git does by itself. */
export async function addWorktree(
  samples: Samples,
  { files, commit, mirror }: Subject,
  folder: string,
): Promise<void> {
  const args = ["worktree", "add", "--quiet", "--detach", folder, commit];
  await samples.time({ what: COPIES.worktree, files }, () =>
    runProgram("git", args, { cwd: mirror.gitDir }),
  );
}
