import { readdirSync } from "node:fs";
import { openWorktree, type WorktreeStep } from "../../../src/git/worktree.ts";

/** Moves a worktree and dies, with or without git, at the named step, once so many new files are there. */
const [gitDir = "", folder = "", from = "", to = "", step = "", files = "0", how = ""] =
  process.argv.slice(2);

const worktree = await openWorktree({
  gitDir,
  folder,
  onStep(reached: WorktreeStep) {
    if (reached !== step) return;
    if (step === "reading") untilWritten(Number(files));
    if (how === "with-git") endChildren();
    process.kill(process.pid, "SIGKILL");
  },
});
await worktree.update(from, to);

/** git goes on while this one waits; the last new file ends the wait in any case. */
function untilWritten(count: number): void {
  const written = () => readdirSync(folder).filter((name) => name.startsWith("new-")).length;
  while (written() < count);
}

function endChildren(): void {
  const list = process.getActiveResourcesInfo().includes("ProcessWrap") ? children() : [];
  for (const pid of list) process.kill(-pid, "SIGKILL");
}

/** Linux tells the children of a thread; the tests of crashes run there only. */
function children(): number[] {
  const text = readText(`/proc/${process.pid}/task/${process.pid}/children`);
  return text.split(" ").filter(Boolean).map(Number);
}

function readText(path: string): string {
  return process.getBuiltinModule("node:fs").readFileSync(path, "utf8");
}
