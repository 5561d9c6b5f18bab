import { existsSync, readdirSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { openWorktree, type WorktreeStep } from "../../../src/git/worktree.ts";

/** A move that ends with a kill at `step`, at `reading` once so many files are in the folder `added`. */
export interface KilledMove {
  readonly gitDir: string;
  readonly folder: string;
  readonly from: string;
  readonly to: string;
  readonly step: WorktreeStep;
  readonly added: string;
  readonly files: number;
  /** git dies too, or is stopped: then its id is told, for the test to let it go on. */
  readonly how: "with-git" | "alone";
}

// Written by the test that starts this.
const { gitDir, folder, from, to, ...death } = JSON.parse(process.argv[2] ?? "") as KilledMove;

const worktree = await openWorktree({
  gitDir,
  folder,
  folds: false,
  onStep(step) {
    if (step !== death.step) return;
    for (const pid of step === "reading" ? children() : []) {
      untilWritten(pid);
      process.kill(-pid, death.how === "with-git" ? "SIGKILL" : "SIGSTOP");
      writeSync(1, `${pid}\n`);
    }
    process.kill(process.pid, "SIGKILL");
  },
});
await worktree.update(from, to);

/** git goes on while this one looks; where it was faster, it is a zombie until this process waits for it. */
function untilWritten(pid: number): void {
  const added = join(folder, death.added);
  const written = () => (existsSync(added) ? readdirSync(added).length : 0);
  while (written() < death.files && !isOver(pid));
}

function isOver(pid: number): boolean {
  return / [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
}

/** Linux tells the children of a thread; the tests of crashes run there only. */
function children(): number[] {
  const list = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, "utf8");
  return list.split(" ").filter(Boolean).map(Number);
}
