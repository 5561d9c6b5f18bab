import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { problemsOf, strictProblemsOf } from "../../../../src/merge/safety/check-merged.ts";
import { createSyntax } from "../../../../src/syntax/create-syntax.ts";
import { mutated } from "./mutants.ts";

const syntax = await createSyntax();
const folder = new URL("../../../fixtures/mutants/", import.meta.url);
const files = readdirSync(folder).sort();

/** The share of mutants that the proof for answers with new text sees, too, in percent. */
const LOOSE_SHARE = 60;

test("there are mutants of every language", () => {
  expect(files).toHaveLength(13);
});

describe.each(files)("%s", (file) => {
  const path = file.replace(/\.txt$/, "");
  const { sides, merged, mutants } = mutated(path, readFileSync(new URL(file, folder), "utf8"));

  test("all its sides parse", () => {
    const trees = [sides.base, sides.ours, sides.theirs].map((text) => syntax.parse(path, text));

    expect(trees.map((tree) => tree?.hasErrors)).toEqual([false, false, false]);
  });

  test("the right merge is safe", () => {
    expect(strictProblemsOf(sides, merged, syntax)).toEqual([]);
  });

  test("whatever is lost, doubled or brought back is seen", () => {
    const unseen = mutants.filter(({ text }) => strictProblemsOf(sides, text, syntax).length === 0);

    expect(mutants.length).toBeGreaterThan(20);
    expect(unseen.map(({ name }) => name)).toEqual([]);
  });
});

test("most of it is seen without a look at single words", () => {
  let all = 0;
  let seen = 0;
  for (const file of files) {
    const path = file.replace(/\.txt$/, "");
    const { sides, mutants } = mutated(path, readFileSync(new URL(file, folder), "utf8"));
    all += mutants.length;
    seen += mutants.filter(({ text }) => problemsOf(sides, text, syntax).length > 0).length;
  }

  expect((100 * seen) / all).toBeGreaterThan(LOOSE_SHARE);
});

test.each([
  {
    what: "a number in a line of both",
    base: "f(1);\n",
    ours: "f(1, 2);\n",
    theirs: "f(1, x);\n",
    merged: "f(1, x);\n",
  },
  {
    what: "an operator in a line of both",
    base: "a = b;\n",
    ours: "a = !b;\n",
    theirs: "a = b(c);\n",
    merged: "a = b(c);\n",
  },
  {
    what: "the order",
    base: "",
    ours: "f();\n",
    theirs: "f();\ng();\n",
    merged: "g();\nf();\n",
  },
  {
    what: "what both added, twice",
    base: "",
    ours: "f();\n",
    theirs: "g();\nf();\n",
    merged: "f();\ng();\nf();\n",
  },
])("counting words does not tell $what", ({ base, ours, theirs, merged }) => {
  const problems = strictProblemsOf({ path: "a.js", base, ours, theirs }, merged, syntax);

  expect(problems).toEqual([]);
});
