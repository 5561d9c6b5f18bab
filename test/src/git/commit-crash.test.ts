import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import { promisify } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import { tidyMirror } from "../../../src/git/tidy.ts";
import type { KilledCommit } from "./commit-child.ts";
import { git, mirrorOf, upstreamWith } from "./sample-repository.ts";
import { nobodyWorksIn } from "./surviving-git.ts";

const CHILD = new URL("commit-child.ts", import.meta.url).pathname;
const ROUNDS = 20;
const TWO_HOURS_MS = 7_200_000;

async function killed(commit: KilledCommit): Promise<void> {
  const death = promisify(execFile)(process.execPath, [CHILD, JSON.stringify(commit)]);
  await expect(death).rejects.toMatchObject({ signal: "SIGKILL", stderr: "" });
  // Those it started still read what it wrote.
  await nobodyWorksIn(commit.gitDir);
}

/** The commits that a mirror keeps, by their message. */
function madeIn(gitDir: string): ReadonlyMap<string, string> {
  const refs = ["for-each-ref", "--format=%(contents:subject) %(objectname)", "refs/nexus/made"];
  const lines = git(gitDir, refs).split("\n").filter(Boolean);
  return new Map(lines.map((line) => line.split(" ") as [string, string]));
}

async function leftIn(gitDir: string): Promise<string[]> {
  const names = await readdir(gitDir, { recursive: true });
  return names.filter((name) => /nexus-new-|nexus-check-|\.lock$|(^|\/)\.?tmp[_-]/.test(name));
}

/** Few files go to loose objects, many to a pack. */
function pathsOf(round: number): string[] {
  return Array.from({ length: round % 2 === 0 ? 3 : 70 }, (_, n) => `src/${n}/${round}`);
}

describe("a commit whose maker is killed", () => {
  it.each([
    ["imported", [0]],
    ["stored", [0, ROUNDS]],
    ["named", [ROUNDS]],
  ] as const)(
    "when %s, is there wholly or not at all",
    { timeout: 600_000 },
    async (step, counts) => {
      const upstream = await upstreamWith({ "README.md": "hello\n" });
      const { gitDir } = await mirrorOf(upstream);
      onTestFinished(() => nobodyWorksIn(gitDir));

      for (let round = 0; round < ROUNDS; round += 1) {
        const [paths, message] = [pathsOf(round), `round-${round}`];
        await killed({ gitDir, parent: upstream.main, step, paths, message });
      }

      const made = madeIn(gitDir);
      expect(made.size).toBeGreaterThanOrEqual(counts[0]);
      expect(made.size).toBeLessThanOrEqual(counts.at(-1) ?? 0);
      for (const [message, commit] of made) {
        const paths = [...pathsOf(Number(message.slice("round-".length))), "README.md"].sort();
        const held = git(gitDir, ["ls-tree", "-r", "-z", "--name-only", commit]).split("\0");
        expect(held.filter(Boolean).sort()).toEqual(paths);
        expect(git(gitDir, ["show", `${commit}:${paths[1]}`])).toBe(message);
      }
      expect(git(gitDir, ["fsck", "--strict", "--full", "--no-dangling"])).toBe("");
      expect(await leftIn(gitDir)).not.toEqual([]);
      await tidyMirror(gitDir, Date.now() + TWO_HOURS_MS);
      expect(await leftIn(gitDir)).toEqual([]);
      expect(madeIn(gitDir)).toEqual(made);
    },
  );
});
