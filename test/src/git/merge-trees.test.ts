import { describe, expect, it } from "vitest";
import type { FetchingMirror } from "../../../src/git/mirrors.ts";
import { type Files, git, mirrorOf, upstreamWith } from "./sample-repository.ts";

type Sides = [base: Files, ours: Files, theirs: Files];

const long = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";

/** The trees of three states; `keep` of the base is in all of them. */
async function threeWay(base: Files, ours: Files, theirs: Files) {
  const upstream = await upstreamWith(base);
  const mirror = await mirrorOf(upstream);
  for (const [branch, files] of Object.entries({ ours, theirs })) {
    upstream.commit(files, { branch, parents: [upstream.main] });
    git(mirror.gitDir, ["fetch", "--quiet", upstream.gitDir, `refs/heads/${branch}`]);
  }
  return {
    mirror,
    merged: await mirror.mergeTrees({
      base: upstream.main,
      ours: upstream.tip("ours"),
      theirs: upstream.tip("theirs"),
    }),
    swapped: await mirror.mergeTrees({
      base: upstream.main,
      ours: upstream.tip("theirs"),
      theirs: upstream.tip("ours"),
    }),
  };
}

async function filesOf(mirror: FetchingMirror, tree: string): Promise<string[]> {
  return git(mirror.gitDir, ["ls-tree", "-r", "--name-only", tree]).split("\n");
}

describe("mergeTrees", () => {
  it("joins changes of different files and of different places in one file", async () => {
    const { mirror, merged } = await threeWay(
      { a: long, b: "b\n" },
      { a: long.replace("1\n", "one\n"), b: "b\n", c: "new\n" },
      { a: long.replace("9\n", "nine\n"), d: "new too\n" },
    );

    expect(merged.kind).toBe("clean");
    const tree = merged.kind === "clean" ? merged.tree : "";
    expect(await filesOf(mirror, tree)).toEqual(["a", "c", "d"]);
    expect(git(mirror.gitDir, ["show", `${tree}:a`])).toBe("one\n2\n3\n4\n5\n6\n7\n8\nnine");
  });

  it("follows a rename on one side", async () => {
    const { mirror, merged } = await threeWay(
      { old: long },
      { new: long },
      { old: long.replace("9\n", "nine\n") },
    );

    const tree = merged.kind === "clean" ? merged.tree : "";
    expect(await filesOf(mirror, tree)).toEqual(["new"]);
    expect(git(mirror.gitDir, ["show", `${tree}:new`])).toContain("nine");
  });

  it("is clean when both sides did the same", async () => {
    const { merged } = await threeWay({ a: "1\n" }, { a: "2\n" }, { a: "2\n" });

    expect(merged.kind).toBe("clean");
  });

  it.each<[string, ...Sides, files: string[]]>([
    ["content", { a: "1\n", k: "" }, { a: "2\n", k: "" }, { a: "3\n", k: "" }, ["a"]],
    ["modify and delete", { a: long, k: "" }, { k: "" }, { a: `${long}x\n`, k: "" }, ["a"]],
    ["add and add", { k: "" }, { k: "", a: "1\n" }, { k: "", a: "2\n" }, ["a"]],
    [
      "binary content",
      { a: Buffer.from([0, 1]) },
      { a: Buffer.from([0, 2]) },
      { a: Buffer.from([0, 3]) },
      ["a"],
    ],
    [
      "modes of links",
      { k: "" },
      { k: "", a: { mode: "120000", content: "x" } },
      { k: "", a: { mode: "120000", content: "y" } },
      ["a"],
    ],
    [
      "a name with newline, quote and tab",
      { 'a\n"\t': "1\n" },
      { 'a\n"\t': "2\n" },
      { 'a\n"\t': "3\n" },
      ['a\n"\t'],
    ],
    [
      "several files",
      { a: "1\n", b: "1\n", c: "1\n" },
      { a: "2\n", b: "2\n", c: "1\n" },
      { a: "3\n", b: "3\n", c: "1\n" },
      ["a", "b"],
    ],
    [
      "submodules",
      { s: { mode: "160000", content: "a".repeat(40) } },
      { s: { mode: "160000", content: "b".repeat(40) } },
      { s: { mode: "160000", content: "c".repeat(40) } },
      ["s"],
    ],
  ])("names the conflict of %s, from both sides", async (_name, ...row) => {
    const [base, ours, theirs, files] = row;
    const { merged, swapped } = await threeWay(base, ours, theirs);

    expect(merged).toMatchObject({ kind: "conflicted", files });
    expect(swapped).toMatchObject({ kind: "conflicted", files });
  });

  it("names all three names of a file renamed two ways", async () => {
    const { merged } = await threeWay({ a: long, k: "" }, { b: long, k: "" }, { c: long, k: "" });

    expect(merged).toMatchObject({ kind: "conflicted", files: ["a", "b", "c"] });
  });

  it("names both of two files renamed to one name", async () => {
    const { merged } = await threeWay(
      { a: long, b: `x\n${long.replaceAll("\n", "-\n")}` },
      { n: long, b: `x\n${long.replaceAll("\n", "-\n")}` },
      { a: long, n: `x\n${long.replaceAll("\n", "-\n")}` },
    );

    expect(merged).toMatchObject({ kind: "conflicted", files: expect.arrayContaining(["n"]) });
  });

  it("names the place where one side has a folder and the other a file", async () => {
    const { merged, swapped } = await threeWay(
      { k: "" },
      { k: "", p: "file\n" },
      { k: "", "p/inner": "x\n" },
    );

    expect(merged).toMatchObject({ kind: "conflicted", files: expect.arrayContaining(["p"]) });
    expect(swapped).toMatchObject({ kind: "conflicted", files: expect.arrayContaining(["p"]) });
  });

  it("takes trees as well as commits", async () => {
    const upstream = await upstreamWith({ a: "1\n" });
    const mirror = await mirrorOf(upstream);
    const tree = await mirror.treeOf(upstream.main);

    expect(await mirror.mergeTrees({ base: tree, ours: tree, theirs: tree })).toEqual({
      kind: "clean",
      tree,
      autoMerged: [],
    });
  });

  it("does not run a merge driver that the repository names", async () => {
    const attributes = { ".gitattributes": "a merge=evil\n" };
    const { merged } = await threeWay(
      { ...attributes, a: "1\n" },
      { ...attributes, a: "2\n" },
      { ...attributes, a: "3\n" },
    );

    expect(merged).toMatchObject({ kind: "conflicted", files: ["a"] });
  });

  it("refuses what is no id or is not here", async () => {
    const upstream = await upstreamWith({ a: "1\n" });
    const mirror = await mirrorOf(upstream);
    const main = upstream.main;

    await expect(mirror.mergeTrees({ base: "HEAD", ours: main, theirs: main })).rejects.toThrow(
      "is not an object id",
    );
    await expect(
      mirror.mergeTrees({ base: "e".repeat(40), ours: main, theirs: main }),
    ).rejects.toMatchObject({ code: "git.failed" });
  });
});
