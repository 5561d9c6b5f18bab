import { beforeAll, describe, expect, it } from "vitest";
import type { Syntax } from "../../../../src/core/syntax.ts";
import { mergeTrees } from "../../../../src/merge/merge-trees.ts";
import { createSyntax } from "../../../../src/syntax/create-syntax.ts";
import {
  lines,
  link,
  mergePlace,
  program,
  type States,
  submodule,
  swapped,
} from "../../git/merge-place.ts";

const place = mergePlace();
const keep = { keep: "" };
let syntax: Syntax;
beforeAll(async () => {
  syntax = await createSyntax();
});

async function merged(states: States) {
  const { mirror, tree } = place();
  const sides = { base: tree(states.base), ours: tree(states.ours), theirs: tree(states.theirs) };
  return mergeTrees(sides, { mirror, syntax });
}

describe("a person is asked, with a reason,", () => {
  const cases: readonly (readonly [string, States, string, RegExp])[] = [
    [
      "where bytes were changed",
      {
        base: { a: Buffer.of(0, 1) },
        ours: { a: Buffer.of(0, 2) },
        theirs: { a: Buffer.of(0, 3) },
      },
      "a",
      /binary/,
    ],
    [
      "where the text is not UTF-8",
      {
        base: { a: Buffer.from("1\xe9\n", "latin1") },
        ours: { a: Buffer.from("2\xe9\n", "latin1") },
        theirs: { a: Buffer.from("3\xe9\n", "latin1") },
      },
      "a",
      /no UTF-8/,
    ],
    [
      "where the file is very large",
      {
        base: { a: "x\n".repeat(600_000) },
        ours: { a: `ours\n${"x\n".repeat(600_000)}` },
        theirs: { a: `theirs\n${"x\n".repeat(600_000)}` },
      },
      "a",
      /too large/,
    ],
    [
      "where both moved a submodule",
      { base: { s: submodule("a") }, ours: { s: submodule("b") }, theirs: { s: submodule("c") } },
      "s",
      /submodule/,
    ],
    [
      "where both changed where a link leads",
      { base: { a: link("x") }, ours: { a: link("y") }, theirs: { a: link("z") } },
      "a",
      /link/,
    ],
    [
      "where both added the same bytes with different modes",
      { base: keep, ours: { ...keep, a: "1\n" }, theirs: { ...keep, a: program("1\n") } },
      "a",
      /program/,
    ],
    [
      "where both added a file with different modes",
      { base: keep, ours: { ...keep, a: "1\n" }, theirs: { ...keep, a: program("1\n2\n") } },
      "a",
      /program/,
    ],
    [
      "where one deleted what the other changed",
      {
        base: { ...keep, a: lines() },
        ours: keep,
        theirs: { ...keep, a: lines({ 1: "x" }) },
      },
      "a",
      /(?:ours deleted the file, theirs changed it|theirs deleted the file, ours changed it)/,
    ],
    [
      "where one deleted what the other only renamed",
      { base: { ...keep, a: lines() }, ours: keep, theirs: { ...keep, b: lines() } },
      "b",
      /deleted the file, (?:ours|theirs) renamed it/,
    ],
    [
      "where both renamed a file, even with the same content",
      {
        base: { ...keep, a: lines() },
        ours: { ...keep, b: lines() },
        theirs: { ...keep, c: lines() },
      },
      "a",
      /different new names/,
    ],
    [
      "where two files got one name",
      {
        base: { a: lines(), b: lines({}, "other ") },
        ours: { n: lines(), b: lines({}, "other ") },
        theirs: { a: lines(), n: lines({}, "other ") },
      },
      "n",
      /gave another file this name/,
    ],
    [
      "where one renamed to the name that the other gave a new file",
      {
        base: { ...keep, a: lines() },
        ours: { ...keep, n: lines() },
        theirs: { ...keep, a: lines(), n: "new\n" },
      },
      "n",
      /renamed a file to this name/,
    ],
    [
      "where a folder stands in the place of a file",
      { base: keep, ours: { ...keep, p: "file\n" }, theirs: { ...keep, "p/inner": "x\n" } },
      "p",
      /folder where the other one has a file/,
    ],
    [
      "where a link stands in the place of a file",
      { base: { a: lines() }, ours: { a: link("x") }, theirs: { a: lines({ 1: "x" }) } },
      "a",
      /different kinds/,
    ],
    [
      "where a folder was renamed that the other side added to",
      {
        base: { "d/a": lines(), "d/b": lines({}, "other ") },
        ours: { "e/a": lines(), "e/b": lines({}, "other ") },
        theirs: { "d/a": lines(), "d/b": lines({}, "other "), "d/new": "n\n" },
      },
      "e/new",
      /renamed or split the folder/,
    ],
    [
      "where the name is not for git",
      { base: { "a\nb": "1\n" }, ours: { "a\nb": "2\n" }, theirs: { "a\nb": "3\n" } },
      "a\nb",
      /name like this/,
    ],
  ];

  it.each(cases)("%s, in both orders", async (_name, ...[states, path, why]) => {
    for (const side of [states, swapped(states)]) {
      const result = await merged(side);

      expect(result).toMatchObject({ kind: "conflicted", stuck: [path], unsettled: [] });
      expect(result.files).toEqual([
        {
          path,
          kind: "conflicted",
          hunks: [
            {
              stage: "person",
              line: 1,
              why: expect.stringMatching(why),
              confidence: "proposed",
            },
          ],
        },
      ]);
    }
  });
});
