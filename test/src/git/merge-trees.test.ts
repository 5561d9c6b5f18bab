import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  lines,
  link,
  mergePlace,
  program,
  type States,
  submodule,
  swapped,
} from "./merge-place.ts";
import { type Files, git } from "./sample-repository.ts";

const place = mergePlace();
const other = lines({}, "other ");

/** The id of a blob, as git makes it. */
function blob(content: string | Buffer): string {
  const bytes = Buffer.from(content);
  return createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
}

describe("git's merge is clean", () => {
  const cases: readonly (readonly [string, States, Files])[] = [
    [
      "where different files and different places of one file were changed",
      {
        base: { a: lines(), b: "b\n" },
        ours: { a: lines({ 1: "one" }), b: "b\n", c: "new\n" },
        theirs: { a: lines({ 9: "nine" }), b: "b\n", d: "new too\n" },
      },
      { a: lines({ 1: "one", 9: "nine" }), b: "b\n", c: "new\n", d: "new too\n" },
    ],
    [
      "where one side renamed what the other changed",
      { base: { old: lines() }, ours: { new: lines() }, theirs: { old: lines({ 9: "nine" }) } },
      { new: lines({ 9: "nine" }) },
    ],
    [
      "where both sides did the same",
      { base: { a: "1\n" }, ours: { a: "2\n" }, theirs: { a: "2\n" } },
      { a: "2\n" },
    ],
    [
      "where one side made a program of what the other changed",
      { base: { a: lines() }, ours: { a: program(lines()) }, theirs: { a: lines({ 5: "x" }) } },
      { a: program(lines({ 5: "x" })) },
    ],
    [
      "where one side alone moved a submodule, changed a link or changed bytes",
      {
        base: { s: submodule("a"), l: link("x"), b: Buffer.of(0, 1) },
        ours: { s: submodule("b"), l: link("x"), b: Buffer.of(0, 2) },
        theirs: { s: submodule("a"), l: link("y"), b: Buffer.of(0, 1) },
      },
      { s: submodule("b"), l: link("y"), b: Buffer.of(0, 2) },
    ],
    [
      "where both sides took the same bytes, commit or target",
      {
        base: { s: submodule("a"), l: link("x"), b: Buffer.of(0, 1) },
        ours: { s: submodule("b"), l: link("y"), b: Buffer.of(0, 2) },
        theirs: { s: submodule("b"), l: link("y"), b: Buffer.of(0, 2) },
      },
      { s: submodule("b"), l: link("y"), b: Buffer.of(0, 2) },
    ],
  ];

  it.each(cases)("%s, from both sides", async (_name, states, wanted) => {
    for (const side of [states, swapped(states)]) {
      expect(await place().merge(side)).toMatchObject({
        kind: "clean",
        tree: place().tree(wanted),
      });
    }
  });

  it("and tells every side of the files that both changed, by their names in the result", async () => {
    const merge = await place().merge({
      base: { a: lines(), old: other, one: "1\n" },
      ours: { a: lines({ 1: "one" }), new: `${other}end\n`, one: "2\n" },
      theirs: { a: lines({ 9: "nine" }), old: `start\n${other}`, one: "1\n" },
    });

    expect(merge.kind === "clean" && merge.autoMerged).toEqual([
      {
        path: "a",
        base: { path: "a", mode: "100644", id: blob(lines()) },
        ours: { path: "a", mode: "100644", id: blob(lines({ 1: "one" })) },
        theirs: { path: "a", mode: "100644", id: blob(lines({ 9: "nine" })) },
        merged: { path: "a", mode: "100644", id: blob(lines({ 1: "one", 9: "nine" })) },
      },
      {
        path: "new",
        base: { path: "old", mode: "100644", id: blob(other) },
        ours: { path: "new", mode: "100644", id: blob(`${other}end\n`) },
        theirs: { path: "old", mode: "100644", id: blob(`start\n${other}`) },
        merged: { path: "new", mode: "100644", id: blob(`start\n${other}end\n`) },
      },
    ]);
  });

  it("whatever attributes the trees have: no driver, no union, no filter acts", async () => {
    const attributes = { ".gitattributes": "a merge=union\nb -merge -text\nc merge=evil ident\n" };
    const base = { ...attributes, a: "1\n", b: lines(), c: "1\n" };
    const merge = await place().merge({
      base,
      ours: { ...base, a: "2\n", b: lines({ 1: "one" }), c: "2\n" },
      theirs: { ...base, a: "3\n", b: lines({ 9: "nine" }), c: "3\n" },
    });

    expect(merge).toMatchObject({ kind: "conflicted", files: ["a", "c"] });
    expect(git(place().mirror.gitDir, ["show", `${merge.tree}:b`])).toContain("nine");
  });
});

describe("git's merge stops", () => {
  it("with mode, id and path of every side", async () => {
    const [conflict] = await place().conflictsOf({
      base: { old: lines() },
      ours: { new: program(lines({ 5: "x" })) },
      theirs: { old: lines({ 5: "y" }) },
    });

    expect(conflict).toEqual({
      kind: "content",
      path: "new",
      paths: ["new"],
      base: [{ path: "new", mode: "100644", id: blob(lines()) }],
      ours: [{ path: "new", mode: "100755", id: blob(lines({ 5: "x" })) }],
      theirs: [{ path: "new", mode: "100644", id: blob(lines({ 5: "y" })) }],
    });
  });

  it("and the tree has what is settled, with git's markers where it is not", async () => {
    const merge = await place().merge({
      base: { a: "1\n", b: lines() },
      ours: { a: "2\n", b: lines({ 1: "one" }) },
      theirs: { a: "3\n", b: lines({ 9: "nine" }) },
    });

    const { gitDir } = place().mirror;
    expect(git(gitDir, ["show", `${merge.tree}:a`])).toMatch(/^<{7} \w+\n2\n={7}\n3\n>{7} \w+$/);
    expect(git(gitDir, ["show", `${merge.tree}:b`])).toBe(lines({ 1: "one", 9: "nine" }).trim());
    expect(merge.autoMerged.map(({ path }) => path)).toEqual(["b"]);
  });
});

describe("mergeTrees refuses", () => {
  it("what is no id, is no tree, or is not here", async () => {
    const { mirror } = place();
    const tree = place().tree({ a: "1\n" });
    const side = (base: string) => mirror.mergeTrees({ base, ours: tree, theirs: tree });

    await expect(side("HEAD")).rejects.toThrow("is not an object id");
    await expect(side(blob("1\n"))).rejects.toMatchObject({ code: "git.failed" });
    await expect(side("e".repeat(40))).rejects.toMatchObject({ code: "git.failed" });
    expect(await side(tree)).toEqual({ kind: "clean", tree, autoMerged: [], unread: [] });
  });
});
