import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { Syntax } from "../../../../src/core/syntax.ts";
import { createSyntax } from "../../../../src/syntax/create-syntax.ts";
import { mergePlace } from "../../git/merge-place.ts";
import { type MergedSeed, mergeProject } from "./merge-project.ts";
import { missingFor, redTrees } from "./run-trees.ts";
import { type Project, seededProjects } from "./seeded-project.ts";

const PROJECTS = seededProjects();
const place = mergePlace();
let syntax: Syntax;

beforeAll(async () => {
  syntax = await createSyntax();
});

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "nexus-seeded-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs the tests of both sides on merged trees; the names of the seeds that are red, with what the tests said. */
async function redSeeds({ runner }: Project, merged: readonly MergedSeed[]) {
  const trees = merged.map(({ seed, tree }) => ({ tree, tests: seed.tests }));
  const red = await redTrees(runner, trees, await emptyFolder());
  return [...red].map(([index, said]) => ({ name: merged[index]?.seed.name, said }));
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
      const sides = seeds.flatMap(({ ours, theirs, tests }) => [
        { tree: ours, tests: { ours: tests.ours } },
        { tree: theirs, tests: { theirs: tests.theirs } },
      ]);

      const red = await redTrees(
        project.runner,
        [{ tree: base, tests: {} }, ...sides],
        await emptyFolder(),
      );

      expect([...red.values()]).toEqual([]);
    },
  );

  it.skipIf(missing)(`is green after each merge, or not merged${suffix}`, async () => {
    const merged = await mergeProject(project, { ...place(), syntax });
    const [plain, caught] = [false, true].map((isCaught) =>
      merged.filter(({ seed }) => seed.isCaught === isCaught),
    );

    // A merger that leaves everything to people would be safe and of no use.
    expect(plain).not.toEqual([]);
    expect(await redSeeds(project, plain ?? [])).toEqual([]);
    // What no merge of texts can see is seen by the tests.
    const red = await redSeeds(project, caught ?? []);
    expect(new Set(red.map(({ name }) => name))).toEqual(
      new Set(caught?.map(({ seed }) => seed.name)),
    );
  });
});
