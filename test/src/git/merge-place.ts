import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import type { TreeConflict, TreeMerge } from "../../../src/core/git.ts";
import { createMirrors, type FetchingMirror } from "../../../src/git/mirrors.ts";
import { type Files, treeOf } from "./sample-repository.ts";

/** What three people have: the common state and what two of them made of it. */
export interface States {
  readonly base: Files;
  readonly ours: Files;
  readonly theirs: Files;
}

/** The same as the other of the two sees it. */
export const swapped = ({ base, ours, theirs }: States): States => {
  return { base, ours: theirs, theirs: ours };
};

/** One empty mirror for all tests of a file: merges of trees do not get in each other's way. */
export interface MergePlace {
  readonly mirror: FetchingMirror;
  tree(files: Files): string;
  merge(states: States): Promise<TreeMerge>;
  /** Throws where there is none. */
  conflictsOf(states: States): Promise<readonly TreeConflict[]>;
}

/** Makes the place before the tests of a file; the answer is only good inside them. */
export function mergePlace(): () => MergePlace {
  let place: MergePlace | undefined;
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "nexus-merge-"));
    const mirror = await createMirrors({ folder, allowFile: true }).open({
      owner: "ada",
      name: "sample",
    });
    const tree = (files: Files) => treeOf(mirror.gitDir, files);
    const merge = ({ base, ours, theirs }: States) =>
      mirror.mergeTrees({ base: tree(base), ours: tree(ours), theirs: tree(theirs) });
    const conflictsOf = async (states: States) => {
      const merged = await merge(states);
      if (merged.kind !== "conflicted") throw new Error("no conflict");
      return merged.conflicts;
    };
    place = { mirror, tree, merge, conflictsOf };
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return () => {
    if (!place) throw new Error("The place is made before the first test.");
    return place;
  };
}

/** Nine lines, each its number, with some of them changed. */
export function lines(changes: Readonly<Record<number, string>> = {}, mark = ""): string {
  const all = [1, 2, 3, 4, 5, 6, 7, 8, 9];
  return all.map((line) => `${changes[line] ?? `${mark}${line}`}\n`).join("");
}

/** A program, a link, a submodule. */
export const program = (content: string) => ({ mode: "100755", content });
export const link = (content: string) => ({ mode: "120000", content });
export const submodule = (digit: string) => ({ mode: "160000", content: digit.repeat(40) });
