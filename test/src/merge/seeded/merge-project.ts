import type { Edit } from "../../../../src/core/change-set.ts";
import type { Syntax } from "../../../../src/core/syntax.ts";
import { mergeTrees } from "../../../../src/merge/merge-trees.ts";
import type { TreeResult } from "../../../../src/merge/trees/tree-result.ts";
import type { MergePlace } from "../../git/merge-place.ts";
import { git } from "../../git/sample-repository.ts";
import type { Project, Seed, Tree } from "./seeded-project.ts";

/** Where trees are merged, by git and by everything that is provable. */
export interface Merger extends MergePlace {
  readonly syntax: Syntax;
}

/** A tree that the merger made of a seed. */
export interface MergedSeed {
  readonly seed: Seed;
  readonly tree: Tree;
}

const BOUNDS = { each: 100_000, all: 10_000_000 };

/**
 * All trees that the merger makes of a project's seeds, whichever side is called ours; none of a seed on which it
 * says that people must decide. Each seed has a folder of its own in one merge: git is slow to start.
 */
export async function mergeProject(project: Project, merger: Merger): Promise<MergedSeed[]> {
  const { base, seeds } = project;
  const [empty, both] = [merger.tree({}), seeds.map(() => base)];
  const written = (trees: readonly Tree[]) => merger.mirror.editTree(empty, editsOf(trees));
  const sides = {
    base: await written(both),
    ours: await written(seeds.map(({ ours }) => ours)),
    theirs: await written(seeds.map(({ theirs }) => theirs)),
  };
  const swapped = { ...sides, ours: sides.theirs, theirs: sides.ours };
  const merged = [
    ...(await settledSeeds(await mergeTrees(sides, merger), seeds, merger)),
    ...(await settledSeeds(await mergeTrees(swapped, merger), seeds, merger)),
  ];
  const different = new Map(merged.map((one) => [JSON.stringify([one.seed.name, one.tree]), one]));
  return [...different.values()];
}

function folderOf(index: number): string {
  return `seed-${index}/`;
}

function editsOf(trees: readonly Tree[]): readonly Edit[] {
  return trees.flatMap((tree, index) =>
    Object.entries(tree).map(([path, text]): Edit => {
      const place = `${folderOf(index)}${path}`;
      return { kind: "write", path: place, mode: "100644", content: Buffer.from(text) };
    }),
  );
}

async function settledSeeds(
  result: TreeResult,
  seeds: readonly Seed[],
  { mirror }: Merger,
): Promise<readonly MergedSeed[]> {
  const left = result.kind === "merged" ? [] : leftPaths(result);
  const listed = git(mirror.gitDir, ["ls-tree", "-r", "-z", result.tree]).split("\0");
  const entries = listed.filter(Boolean).map((line) => {
    const [head = "", path = ""] = line.split("\t");
    return { id: head.split(" ")[2] ?? "", path };
  });
  const ids = entries.map(({ id }) => id);
  const blobs = await mirror.readBlobs(ids, BOUNDS);
  return seeds.flatMap((seed, index) => {
    const folder = folderOf(index);
    if (left.some((path) => path.startsWith(folder))) return [];
    const files = entries
      .filter(({ path }) => path.startsWith(folder))
      .map(({ id, path }) => [path.slice(folder.length), textOf(blobs.get(id))] as const);
    return [{ seed, tree: Object.fromEntries(files) }];
  });
}

function leftPaths(result: Extract<TreeResult, { kind: "conflicted" }>): readonly string[] {
  const { unsettled, regenerate, stuck, files } = result;
  return [
    ...stuck,
    ...unsettled.map(({ sides }) => sides.path),
    ...regenerate.map(({ path }) => path),
    ...files.filter(({ kind }) => kind === "conflicted").map(({ path }) => path),
  ];
}

function textOf(bytes: Uint8Array | undefined): string {
  if (!bytes) throw new Error("A file of the merged tree is not there.");
  return Buffer.from(bytes).toString();
}
