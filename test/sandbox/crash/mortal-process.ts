import { existsSync } from "node:fs";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { DEFAULT_LIMITS } from "../../../sandbox/container/limits.ts";
import { createDockerSandbox } from "../../../sandbox/docker-sandbox.ts";
import type { Deltas } from "../../../sandbox/mirror/base-trees.ts";
import type { SandboxStep } from "../../../sandbox/step.ts";
import type { Edit } from "../../../src/core/change-set.ts";
import type { WorktreeStep } from "../../../src/git/worktree.ts";

/** Where a process dies: while a tree is made, at a step of the sandbox, of the commit or of the worktree. */
export type Point =
  | "tree-half-made"
  | "delta-half-made"
  | SandboxStep
  | "command-running"
  | "imported"
  | "stored"
  | "named"
  | WorktreeStep;

/** One process of an installation, from opening a mirror to a worktree that holds what was made in it. */
export interface Life {
  readonly folder: string;
  readonly owner: string;
  readonly gitDir: string;
  readonly commit: string;
  /** The files of that commit. */
  readonly checkout: string;
  /** Where this process is to bring the commit that it makes, by moving a copy of the checkout there. */
  readonly worktree: string;
  readonly mirror: "overlay" | "copy" | "upload";
  /** Undefined for a life that comes to its end. */
  readonly dies?: Point | undefined;
  /** Starts a slot instead. */
  readonly ahead?: boolean | undefined;
  /** Commands that prepare the environment. */
  readonly setup?: readonly string[] | undefined;
}

/** Every kind of change that git can carry. */
const EDITS = `set -e
echo more >> README.md
rm src/old.txt
mv lib moved
chmod +x run.sh
ln -sfn README.md link
rm -r folder && echo file > folder
printf '\\0\\377' > binary
echo done`;

const never = new AbortController().signal;

async function live(life: Life): Promise<void> {
  const reach = (point: Point): void => {
    if (point === life.dies) process.kill(process.pid, "SIGKILL");
  };
  const sandbox = sandboxOf(life, reach);
  const { gitDir, commit, setup } = life;
  const workspace = { gitDir, commit, taskId: "t", environment: setup && { setup } };
  if (life.ahead) return sandbox.warm(workspace);
  const session = await sandbox.open(workspace, never);
  const script = life.dies === "command-running" ? `${EDITS}; sleep 600` : EDITS;
  const onOutput = () => reach("command-running");
  const { exitCode, output } = await session.run(["sh", "-c", script], { onOutput });
  if (exitCode !== 0) throw new Error(output);
  const edits = await session.changes();
  // The end of a session is the same whatever has become of its changes.
  if (!life.dies?.endsWith("-removed")) await hydrate(life, edits, reach);
  await session[Symbol.asyncDispose]();
}

function sandboxOf(life: Life, reach: (point: Point) => void) {
  return createDockerSandbox({
    image: "nexus-sandbox:latest",
    folder: life.folder,
    owner: life.owner,
    mirror: life.mirror,
    slots: life.ahead ? 1 : 0,
    limits: { ...DEFAULT_LIMITS, memoryMb: 256, cpus: 1 },
    setUpTimeoutMs: 600_000,
    onStep: reach,
    async checkout(at) {
      const { checkoutInto } = await import("../../../src/git/checkout.ts");
      const made = checkoutInto(at);
      if (life.dies === "tree-half-made") await begun(at.folder, made);
      reach("tree-half-made");
      await made;
    },
    deltas: life.dies === "tree-half-made" ? undefined : deltas(life, reach),
  });
}

function deltas(life: Life, reach: (point: Point) => void): Deltas {
  return {
    async nearest(at) {
      const { nearestBase } = await import("../../../src/git/nearest-base.ts");
      return await nearestBase(at);
    },
    async write(at) {
      const { writeDelta } = await import("../../../src/git/delta.ts");
      const made = writeDelta(at);
      if (life.dies === "delta-half-made") await begun(at.folder, made);
      reach("delta-half-made");
      return await made;
    },
  };
}

/** Brings edits into a commit of the mirror, and the commit into the worktree. */
async function hydrate(
  life: Life,
  edits: readonly Edit[],
  reach: (point: Point) => void,
): Promise<void> {
  const { gitDir, commit: parent } = life;
  const [{ createGit }, { createCommitReader }, { createCommitWriter }, { openWorktree }] =
    await Promise.all([
      import("../../../src/git/git.ts"),
      import("../../../src/git/read-commit.ts"),
      import("../../../src/git/write-commit.ts"),
      import("../../../src/git/worktree.ts"),
    ]);
  const git = createGit();
  const read = createCommitReader(git, gitDir);
  const writer = createCommitWriter(git, gitDir, { read, onStep: reach });
  const { commit } = await writer.commitEdits({ parent, edits, message: "made" });
  await cp(life.checkout, life.worktree, { recursive: true, verbatimSymlinks: true });
  const at = { gitDir, folder: life.worktree, holds: parent };
  const worktree = await openWorktree({ ...at, onStep: reach });
  await worktree.update(parent, commit);
}

/** Waits for the first file. git is at work in another process, so looking again and again lets it go on. */
async function begun(folder: string, work: Promise<unknown>): Promise<void> {
  let over = false;
  work.finally(() => (over = true)).catch(() => undefined);
  while (!over && !existsSync(join(folder, "README.md")))
    await new Promise((resolve) => setImmediate(resolve));
}

if (import.meta.main) await live(JSON.parse(process.argv[2] ?? "{}"));
