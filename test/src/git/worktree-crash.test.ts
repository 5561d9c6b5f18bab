import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { lstat, readdir, readFile, readlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import { openWorktree } from "../../../src/git/worktree.ts";
import { git, temporaryFolder, upstreamWith } from "./sample-repository.ts";
import { nobodyWorksIn } from "./surviving-git.ts";
import type { KilledMove } from "./worktree-child.ts";

const CHILD = new URL("worktree-child.ts", import.meta.url).pathname;
const ROUNDS = 20;
const COUNT = 50;

/** Two commits of 100 files each, half of which are in one of them only; checked out at the first. */
async function large() {
  const upstream = await upstreamWith({});
  const { gitDir } = upstream;
  const make = (files: string[]) => {
    const head = "commit refs/heads/main\ncommitter A <a@x> 1 +0000\ndata 1\nm\ndeleteall\n";
    git(gitDir, ["fast-import", "--quiet", "--force"], head + files.join(""));
    return upstream.tip("main");
  };
  const main = make([
    ...files("old/f", "old"),
    ...files("both", "one"),
    ...files("own", "theirs", 1),
  ]);
  const next = make([
    ...files("new/f", "new"),
    ...files("both", "two"),
    ...files("own", "theirs", 1),
  ]);
  const folder = join(await temporaryFolder(), "tree");
  onTestFinished(() => nobodyWorksIn(folder));
  const worktree = await openWorktree({ gitDir, folder });
  await worktree.update(await worktree.at(), main);
  await writeFile(join(folder, "own-0"), "a person's\n");
  await writeFile(join(folder, "untracked"), "a person's\n");
  return { gitDir, folder, main, next, worktree };
}

/** Every tenth is longer than git writes at once. */
function files(prefix: string, text: string, count = COUNT): string[] {
  return Array.from({ length: count }, (_, n) => {
    const content = `${text} ${n}\n`.repeat(n % 10 === 9 ? 3000 : 20);
    return `M 100644 inline ${prefix}-${n}\ndata ${content.length}\n${content}\n`;
  });
}

/** Everything in a folder, empty folders too: mode and content. */
async function contentOf(folder: string): Promise<Readonly<Record<string, string>>> {
  const all: Record<string, string> = {};
  for (const path of (await readdir(folder, { recursive: true })).sort()) {
    const at = join(folder, path);
    const stats = await lstat(at);
    const hash = createHash("sha256");
    if (stats.isFile()) hash.update(await readFile(at));
    if (stats.isSymbolicLink()) hash.update(await readlink(at));
    all[path] = `${stats.mode.toString(8)} ${hash.digest("hex").slice(0, 12)}`;
  }
  return all;
}

/** Both ends of a move, as a move that nobody disturbs makes them. */
async function ends({ folder, main, next, worktree }: Awaited<ReturnType<typeof large>>) {
  const old = await contentOf(folder);
  await worktree.update(main, next);
  const now = await contentOf(folder);
  await worktree.undo();
  expect(await contentOf(folder)).toEqual(old);
  return { [main]: old, [next]: now };
}

/** Waits for the death of one that moves; the id of a git that it left stopped. */
async function killed(how: KilledMove): Promise<number> {
  const death = promisify(execFile)(process.execPath, [CHILD, JSON.stringify(how)]);
  const error: unknown = await death.catch((reason: unknown) => reason);
  expect(error).toMatchObject({ signal: "SIGKILL", stderr: "" });
  return Number((error as { stdout: string }).stdout);
}

async function locksOf(gitDir: string): Promise<string[]> {
  const names = await readdir(join(gitDir, "nexus-worktrees"), { recursive: true });
  return names.filter((name) => name.endsWith(".lock") || name.endsWith(".new"));
}

describe("a move that is killed", () => {
  it.each([
    ["intent", "with-git"],
    ["reading", "with-git"],
    ["reading", "alone"],
    ["written", "with-git"],
  ] as const)("at %s, %s, ends as one of both trees", { timeout: 600_000 }, async (step, how) => {
    const site = await large();
    const { gitDir, folder, main, next } = site;
    const whole = await ends(site);
    for (let round = 0; round < ROUNDS; round += 1) {
      const from = await (await openWorktree({ gitDir, folder, folds: false })).at();
      const [to, added] = from === main ? [next, "new"] : [main, "old"];
      const pid = await killed({ gitDir, folder, from, to, step, added, how, files: round * 2.5 });

      const opening = openWorktree({ gitDir, folder, folds: false });
      if (how === "alone") process.kill(-pid, "SIGCONT");
      const worktree = await opening;

      expect(await contentOf(folder)).toEqual(whole[await worktree.at()]);
      expect(await locksOf(gitDir)).toEqual([]);
    }
  });

  it.each(["intent", "reading", "written"] as const)(
    "at %s leaves alone what a person edited since",
    { timeout: 300_000 },
    async (step) => {
      const site = await large();
      const { gitDir, folder, main, next } = site;
      const whole = await ends(site);
      const move = { from: main, to: next, added: "new", files: 25 };
      await killed({ gitDir, folder, ...move, step, how: "with-git" });
      await nobodyWorksIn(folder);
      await writeFile(join(folder, "both-49"), "mine\n");
      await writeFile(join(folder, "new-mine"), "mine\n");

      const worktree = await openWorktree({ gitDir, folder });

      expect(await worktree.at()).toBe(main);
      const left = await contentOf(folder);
      const { "both-49": edited, "new-mine": added, ...others } = left;
      const { "both-49": _, ...old } = whole[main] ?? {};
      expect(others).toEqual(old);
      expect([edited, added]).toEqual([left["new-mine"], left["new-mine"]]);
      expect(await readFile(join(folder, "both-49"), "utf8")).toBe("mine\n");
    },
  );
});
