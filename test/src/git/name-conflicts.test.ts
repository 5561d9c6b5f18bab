import { describe, expect, it } from "vitest";
import type { ConflictKind, TreeConflict } from "../../../src/core/git.ts";
import {
  lines,
  link,
  mergePlace,
  program,
  type States,
  submodule,
  swapped,
} from "./merge-place.ts";
import { git } from "./sample-repository.ts";

const place = mergePlace();
const keep = { keep: "" };
const other = lines({}, "other ");

/** What each conflict is: kind, path, all paths, and how many entries base, ours and theirs have. */
type Told = readonly [ConflictKind, string, readonly string[], readonly [number, number, number]];

describe("git's merge stops, and the conflict has a kind:", () => {
  const cases: readonly (readonly [string, States, readonly Told[]])[] = [
    [
      "content",
      {
        base: { a: "1\n", b: "1\n" },
        ours: { a: "2\n", b: "2\n" },
        theirs: { a: "3\n", b: "3\n" },
      },
      [
        ["content", "a", ["a"], [1, 1, 1]],
        ["content", "b", ["b"], [1, 1, 1]],
      ],
    ],
    [
      "content of a file that one side renamed",
      { base: { a: lines() }, ours: { b: lines({ 5: "x" }) }, theirs: { a: lines({ 5: "y" }) } },
      [["content", "b", ["b"], [1, 1, 1]]],
    ],
    [
      "add/add",
      { base: keep, ours: { ...keep, a: "1\n" }, theirs: { ...keep, a: "2\n" } },
      [["add/add", "a", ["a"], [0, 1, 1]]],
    ],
    [
      "rename/rename of one file",
      {
        base: { ...keep, a: lines() },
        ours: { ...keep, b: lines({ 5: "x" }) },
        theirs: { ...keep, c: lines({ 5: "y" }) },
      },
      [["rename/rename-1to2", "a", ["a", "b", "c"], [1, 1, 1]]],
    ],
    [
      "rename/rename of two files",
      {
        base: { a: lines(), b: other },
        ours: { n: lines(), b: other },
        theirs: { a: lines(), n: other },
      },
      [["rename/rename-2to1", "n", ["n"], [0, 1, 1]]],
    ],
    [
      "rename/rename of two files, each changed by the other side",
      {
        base: { a: lines(), b: other },
        ours: { n: lines(), b: lines({ 5: "x" }, "other ") },
        theirs: { a: lines({ 5: "y" }), n: lines({ 5: "z" }, "other ") },
      },
      [["rename/rename-2to1", "b", ["b", "n"], [0, 1, 1]]],
    ],
    [
      "rename/add",
      {
        base: { ...keep, a: lines() },
        ours: { ...keep, n: lines() },
        theirs: { ...keep, a: lines(), n: "new\n" },
      },
      [["rename/add", "n", ["n"], [0, 1, 1]]],
    ],
    [
      "rename/add with a change of what was renamed",
      {
        base: { ...keep, a: lines() },
        ours: { ...keep, n: lines({ 5: "x" }) },
        theirs: { ...keep, a: lines({ 5: "y" }), n: "new\n" },
      },
      [["rename/add", "a", ["a", "n"], [0, 1, 1]]],
    ],
    [
      "distinct types, of file and link",
      { base: { a: lines() }, ours: { a: link("x") }, theirs: { a: lines({ 1: "x" }) } },
      [["distinct-types", "a", ["a", expect.stringMatching(/^a~/)], [1, 1, 1]]],
    ],
    [
      "distinct types, of file and submodule",
      { base: keep, ours: { ...keep, a: submodule("a") }, theirs: { ...keep, a: "1\n" } },
      [["distinct-types", "a", ["a", expect.stringMatching(/^a~/)], [0, 1, 1]]],
    ],
    [
      "binary",
      {
        base: { a: Buffer.of(0, 1) },
        ours: { a: Buffer.of(0, 2) },
        theirs: { a: Buffer.of(0, 3) },
      },
      [["binary", "a", ["a"], [1, 1, 1]]],
    ],
    [
      "binary, added twice",
      {
        base: keep,
        ours: { ...keep, a: Buffer.of(0, 2) },
        theirs: { ...keep, a: Buffer.of(0, 3) },
      },
      [["binary", "a", ["a"], [0, 1, 1]]],
    ],
    [
      "submodule",
      { base: { s: submodule("a") }, ours: { s: submodule("b") }, theirs: { s: submodule("c") } },
      [["submodule", "s", ["s"], [1, 1, 1]]],
    ],
    [
      "symlink",
      { base: { a: link("x") }, ours: { a: link("y") }, theirs: { a: link("z") } },
      [["symlink", "a", ["a"], [1, 1, 1]]],
    ],
    [
      "mode",
      { base: keep, ours: { ...keep, a: "1\n" }, theirs: { ...keep, a: program("1\n") } },
      [["mode", "a", ["a"], [0, 1, 1]]],
    ],
  ];

  it.each(cases)("%s, in both orders", async (_name, states, told) => {
    for (const side of [states, swapped(states)]) {
      const conflicts = await place().conflictsOf(side);

      expect(
        conflicts.map(({ kind, path, paths, base, ours, theirs }) => [
          kind,
          path,
          paths,
          [base.length, ours.length, theirs.length],
        ]),
      ).toEqual(told);
    }
  });

  const oneSided: readonly (readonly [string, States, Told])[] = [
    [
      "modify/delete",
      { base: { ...keep, a: lines() }, ours: keep, theirs: { ...keep, a: lines({ 1: "x" }) } },
      ["modify/delete", "a", ["a"], [1, 0, 1]],
    ],
    [
      "modify/delete of a link",
      { base: { ...keep, a: link("x") }, ours: keep, theirs: { ...keep, a: link("y") } },
      ["modify/delete", "a", ["a"], [1, 0, 1]],
    ],
    [
      "modify/delete of a submodule",
      { base: { ...keep, s: submodule("a") }, ours: keep, theirs: { ...keep, s: submodule("b") } },
      ["submodule", "s", ["s"], [1, 0, 1]],
    ],
    [
      "rename/delete",
      { base: { ...keep, a: lines() }, ours: keep, theirs: { ...keep, b: lines() } },
      ["rename/delete", "b", ["a", "b"], [1, 0, 1]],
    ],
    [
      "rename/delete with a change",
      { base: { ...keep, a: lines() }, ours: keep, theirs: { ...keep, b: lines({ 9: "x" }) } },
      ["rename/delete", "b", ["a", "b"], [1, 0, 1]],
    ],
    [
      "directory/file",
      { base: keep, ours: { ...keep, "p/inner": "x\n" }, theirs: { ...keep, p: "file\n" } },
      ["directory/file", "p", ["p", expect.stringMatching(/^p~/)], [0, 0, 1]],
    ],
    [
      "directory/file in the place of a file that was changed",
      {
        base: { ...keep, p: lines() },
        ours: { ...keep, "p/inner": "x\n" },
        theirs: { ...keep, p: lines({ 1: "x" }) },
      },
      ["directory/file", "p", ["p", expect.stringMatching(/^p~/)], [1, 0, 1]],
    ],
    [
      "directory rename",
      {
        base: { "d/a": lines(), "d/b": other },
        ours: { "e/a": lines(), "e/b": other },
        theirs: { "d/a": lines(), "d/b": other, "d/new": "n\n" },
      },
      ["directory-rename", "e/new", ["d/new", "e/new"], [0, 0, 1]],
    ],
    [
      "directory rename to two places",
      {
        base: { "d/a": lines(), "d/b": other },
        ours: { "e/a": lines(), "f/b": other },
        theirs: { "d/a": lines(), "d/b": other, "d/new": "n\n" },
      },
      ["directory-rename", "d", ["d"], [0, 0, 0]],
    ],
  ];

  it.each(oneSided)("%s, in both orders", async (_name, states, told) => {
    const [kind, path, paths, [base, ours, theirs]] = told;
    const [conflict, ...more] = await place().conflictsOf(states);
    const [turned] = await place().conflictsOf(swapped(states));

    expect(more).toEqual([]);
    expect([conflict?.kind, conflict?.path, conflict?.paths]).toEqual([kind, path, paths]);
    expect([turned?.kind, turned?.path, turned?.paths]).toEqual([kind, path, paths]);
    const count = (at?: TreeConflict) => [at?.base.length, at?.ours.length, at?.theirs.length];
    expect(count(conflict)).toEqual([base, ours, theirs]);
    expect(count(turned)).toEqual([base, theirs, ours]);
  });
});

describe("names in conflict are bytes", () => {
  it.each(['a"b', "-a", "--", " a ", "a b~c", "ü/é", "*", ":(top)a", "a\u00a0b"])(
    "%j is told as it is",
    async (name) => {
      const [conflict, ...more] = await place().conflictsOf({
        base: { ...keep, [name]: "1\n" },
        ours: { ...keep, [name]: "2\n" },
        theirs: { ...keep, [name]: "3\n" },
      });

      expect(more).toEqual([]);
      expect([conflict?.kind, conflict?.path]).toEqual(["content", name]);
    },
  );

  it.each(["a\nb", "a\tb", "a\\b", "a\u202eb", "100644 blob 0 1\tx", "1\nCONFLICT (contents)"])(
    "%j is a name that nobody settles",
    async (name) => {
      const conflicts = await place().conflictsOf({
        base: { ...keep, [name]: "1\n" },
        ours: { ...keep, [name]: "2\n" },
        theirs: { ...keep, [name]: "3\n" },
      });

      expect(conflicts.map(({ kind, path }) => [kind, path])).toEqual([["name", name]]);
    },
  );

  it("two that are not UTF-8 stay two, and nobody settles them", async () => {
    const { mirror } = place();
    const tree = (content: string) => {
      const id = git(mirror.gitDir, ["hash-object", "-w", "--stdin"], content);
      const entry = (byte: number) =>
        Buffer.concat([Buffer.from(`100644 blob ${id}\ta`), Buffer.of(byte, 0)]);
      return git(mirror.gitDir, ["mktree", "-z"], Buffer.concat([0xfe, 0xff].map(entry)));
    };

    const merge = await mirror.mergeTrees({
      base: tree("1\n"),
      ours: tree("2\n"),
      theirs: tree("3\n"),
    });

    expect(merge.kind === "conflicted" && merge.conflicts.map(({ kind }) => kind)).toEqual([
      "name",
      "name",
    ]);
  });
});
