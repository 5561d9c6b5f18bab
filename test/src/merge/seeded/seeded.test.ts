import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { Syntax } from "../../../../src/core/syntax.ts";
import { createSyntax } from "../../../../src/syntax/create-syntax.ts";
import { mergeProject } from "./merge-project.ts";
import { missingFor, redTrees, type TestedTree } from "./run-trees.ts";
import { type Project, type Seed, seededProjects } from "./seeded-project.ts";

const PROJECTS = seededProjects();
let syntax: Syntax;

beforeAll(async () => {
  syntax = await createSyntax();
});

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "nexus-seeded-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

type MergedTree = TestedTree & { readonly seed: Seed };

/** The trees that the merger made, each with the tests of both sides; whichever side is called ours. */
function mergedTrees({ base, seeds }: Project): readonly MergedTree[] {
  return seeds.flatMap((seed) => {
    const { ours, theirs, tests } = seed;
    const merges = [
      mergeProject({ base, ours, theirs }, syntax),
      mergeProject({ base, ours: theirs, theirs: ours }, syntax),
    ];
    const trees = merges.flatMap((merge) => ("tree" in merge ? [merge.tree] : []));
    const different = new Map(trees.map((tree) => [JSON.stringify(tree), tree]));
    return Array.from(different.values(), (tree) => ({ seed, tree, tests }));
  });
}

it("there are at least 40 conflicts in at least 8 projects", () => {
  expect(PROJECTS.length).toBeGreaterThanOrEqual(8);
  expect(PROJECTS.flatMap(({ seeds }) => seeds).length).toBeGreaterThanOrEqual(40);
});

describe.each(PROJECTS)("the project $name", (project) => {
  const missing = missingFor(project.runner);
  const suffix = missing === undefined ? "" : ` (not run: ${missing} is missing here)`;

  it.skipIf(missing)(
    `is green before, and so is each side with its own test${suffix}`,
    async () => {
      const { base, seeds } = project;
      const trees = [
        { tree: base, tests: {} },
        ...seeds.flatMap(({ ours, theirs, tests }) => [
          { tree: ours, tests: { ours: tests.ours } },
          { tree: theirs, tests: { theirs: tests.theirs } },
        ]),
      ];

      const red = await redTrees(project.runner, trees, await emptyFolder());

      expect([...red.values()]).toEqual([]);
    },
  );

  it.skipIf(missing)(
    `is green with both tests after each merge, or is not merged${suffix}`,
    async () => {
      const trees = mergedTrees(project).filter(({ seed }) => !seed.isCaught);

      const red = await redTrees(project.runner, trees, await emptyFolder());

      const wrong = [...red].map(([index, said]) => `${trees[index]?.seed.name}\n${said}`);
      expect(wrong).toEqual([]);
    },
  );

  it.skipIf(missing)(`shows by its tests what no merge of texts can see${suffix}`, async () => {
    const trees = mergedTrees(project).filter(({ seed }) => seed.isCaught);

    const red = await redTrees(project.runner, trees, await emptyFolder());

    expect(red.size).toBe(trees.length);
  });
});
