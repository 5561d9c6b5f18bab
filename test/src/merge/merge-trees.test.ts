import { beforeAll, describe, expect, it } from "vitest";
import type { FileReport } from "../../../src/core/merge.ts";
import type { Syntax } from "../../../src/core/syntax.ts";
import { mergeCommits, mergeTrees } from "../../../src/merge/merge-trees.ts";
import { completeTree } from "../../../src/merge/trees/complete-tree.ts";
import type { TreeResult } from "../../../src/merge/trees/tree-result.ts";
import { createSyntax } from "../../../src/syntax/create-syntax.ts";
import { lines, mergePlace, program, type States, swapped } from "../git/merge-place.ts";
import { type Files, git } from "../git/sample-repository.ts";

const place = mergePlace();
const keep = { keep: "" };
let syntax: Syntax;
beforeAll(async () => {
  syntax = await createSyntax();
});

async function merged(states: States): Promise<TreeResult> {
  const { mirror, tree } = place();
  const sides = { base: tree(states.base), ours: tree(states.ours), theirs: tree(states.theirs) };
  return mergeTrees(sides, { mirror, syntax });
}

/** A file as a tree has it. */
function shown(tree: string, path: string): string {
  return git(place().mirror.gitDir, ["show", `${tree}:${path}`]);
}

describe("trees are merged", () => {
  const cases: readonly (readonly [string, States, Files])[] = [
    [
      "where git needs nobody's help: nothing is reported",
      {
        base: { a: lines(), b: "b\n" },
        ours: { a: lines({ 1: "one" }), b: "b\n" },
        theirs: { a: lines({ 9: "nine" }), b: "B\n" },
      },
      { a: lines({ 1: "one", 9: "nine" }), b: "B\n" },
    ],
  ];

  it.each(cases)("%s", async (_name, states, wanted) => {
    for (const side of [states, swapped(states)]) {
      expect(await merged(side)).toEqual({
        kind: "merged",
        tree: place().tree(wanted),
        files: [],
      });
    }
  });

  it("where neighbouring lines were changed, with a report of how", async () => {
    const states = {
      base: { "a.txt": lines(), "b.txt": "b\n" },
      ours: { "a.txt": lines({ 4: "four" }), "b.txt": "b\n" },
      theirs: { "a.txt": lines({ 5: "five" }), "b.txt": "B\n" },
    };

    for (const side of [states, swapped(states)]) {
      const result = await merged(side);

      expect(result).toMatchObject({
        kind: "merged",
        files: [{ path: "a.txt", kind: "merged", hunks: [{ stage: "lines", line: 4 }] }],
      });
      const wanted = { "a.txt": lines({ 4: "four", 5: "five" }), "b.txt": "B\n" };
      expect(result.tree).toBe(place().tree(wanted));
    }
  });

  it("with the mode of the side that changed it, and under the new name", async () => {
    const states = {
      base: { old: lines() },
      ours: { new: program(lines({ 4: "four" })) },
      theirs: { old: lines({ 5: "five" }) },
    };

    for (const side of [states, swapped(states)]) {
      const result = await merged(side);

      expect(result.kind).toBe("merged");
      expect(result.tree).toBe(place().tree({ new: program(lines({ 4: "four", 5: "five" })) }));
    }
  });
});

describe("a person is asked", () => {
  it("and what is settled beside it is in the tree all the same", async () => {
    const result = await merged({
      base: { a: Buffer.of(0, 1), b: lines(), c: lines() },
      ours: { a: Buffer.of(0, 2), b: lines({ 4: "four" }), c: lines({ 1: "one" }) },
      theirs: { a: Buffer.of(0, 3), b: lines({ 5: "five" }), c: lines({ 9: "nine" }) },
    });

    expect(result).toMatchObject({ kind: "conflicted", stuck: ["a"] });
    expect(result.files.map(({ path, kind }) => [path, kind])).toEqual([
      ["a", "conflicted"],
      ["b", "merged"],
    ]);
    expect(shown(result.tree, "b")).toBe(lines({ 4: "four", 5: "five" }).trim());
    expect(shown(result.tree, "c")).toBe(lines({ 1: "one", 9: "nine" }).trim());
  });
});

describe("texts that are left", () => {
  const states = {
    base: { "a.txt": "1\n", b: lines() },
    ours: { "a.txt": program("two\n"), b: lines({ 4: "four" }) },
    theirs: { "a.txt": "three\n", b: lines({ 5: "five" }) },
  };

  it("come with their sides, their mode and markers in the tree", async () => {
    const result = await merged(states);

    if (result.kind !== "conflicted") throw new Error(result.kind);
    const [file, ...more] = result.unsettled;
    expect(more).toEqual([]);
    expect(result.stuck).toEqual([]);
    expect(file).toMatchObject({
      mode: "100755",
      sides: { path: "a.txt", base: "1\n", ours: "two\n", theirs: "three\n" },
      merge: { kind: "conflicted", conflicts: [{ ours: "two\n", theirs: "three\n", line: 1 }] },
    });
    expect(shown(result.tree, "a.txt")).toBe(file?.merge.text.trim());
    expect(file?.merge.text).toMatch(/^<{7} ours\n/);
  });

  it.each([
    ["words that the other has not", "const a = 1;\n", "const a = 2;\n"],
    ["nothing alike", "one();\n", "two();\n"],
    ["imports that could stand together", 'import a from "a";\n', 'import b from "b";\n'],
  ])("are whole where both added the file, with %s", async (_name, ours, theirs) => {
    const result = await merged({
      base: keep,
      ours: { ...keep, "a.ts": ours },
      theirs: { ...keep, "a.ts": theirs },
    });

    expect(result).toMatchObject({
      kind: "conflicted",
      stuck: [],
      unsettled: [{ sides: { base: "", ours, theirs } }],
      files: [{ path: "a.ts", kind: "conflicted", hunks: [{ stage: "person", line: 1 }] }],
    });
  });

  it("are completed by a later answer, and only by one about them", async () => {
    const left = await merged(states);
    if (left.kind !== "conflicted") throw new Error(left.kind);
    const report = (path: string): FileReport => ({
      path,
      kind: "merged",
      hunks: [{ stage: "model", line: 1, why: "a model", confidence: "proposed" }],
    });
    const { mirror, tree } = place();

    const other = await completeTree(left, [{ report: report("b"), text: "lost\n" }], mirror);
    const done = await completeTree(left, [{ report: report("a.txt"), text: "23\n" }], mirror);

    expect(other).toEqual(left);
    expect(done.kind).toBe("merged");
    expect(done.tree).toBe(tree({ "a.txt": program("23\n"), b: lines({ 4: "four", 5: "five" }) }));
    expect(done.files.map(({ path, hunks }) => [path, hunks[0]?.stage])).toEqual([
      ["a.txt", "model"],
      ["b", "lines"],
    ]);
  });
});

describe("what git joined without a conflict", () => {
  it("is a conflict where both sides added the same function in different places", async () => {
    const code = (top: string, end: string) =>
      [top, "export const a = 1;", "export const b = 2;", "export const c = 3;", end]
        .filter(Boolean)
        .map((text) => `${text}\n\n\n`)
        .join("");
    const states = {
      base: { "a.ts": code("", "") },
      ours: { "a.ts": code("export function sum(x: number) {\n  return x + 1;\n}", "") },
      theirs: { "a.ts": code("", "export function sum(y: number) {\n  return y + 2;\n}") },
    };
    expect((await place().merge(states)).kind).toBe("clean");

    const result = await merged(states);

    expect(result.kind).toBe("conflicted");
    expect(result.files.map(({ path, kind }) => [path, kind])).toEqual([["a.ts", "conflicted"]]);
  });
});

it("a lockfile that both sides changed in one place waits for its command", async () => {
  const lock = (version: string) => `# yarn lockfile v1\n\n\n"a@^1.0.0":\n  version "${version}"\n`;
  const result = await merged({
    base: { "package.json": "{}\n", "yarn.lock": lock("1.0.0") },
    ours: { "package.json": "{}\n", "yarn.lock": lock("1.0.1") },
    theirs: { "package.json": "{}\n", "yarn.lock": lock("1.0.2") },
  });

  expect(result).toMatchObject({
    kind: "conflicted",
    unsettled: [],
    stuck: [],
    regenerate: [{ path: "yarn.lock", mayStand: false, mode: "100644" }],
    files: [{ path: "yarn.lock", kind: "conflicted", hunks: [{ stage: "regenerated" }] }],
  });
  expect(shown(result.tree, "yarn.lock")).not.toContain("<<<<<<<");
});

describe("histories are merged", () => {
  const commit = (content: string, parents: readonly string[]) => {
    const { mirror, tree } = place();
    const args = parents.flatMap((parent) => ["-p", parent]);
    return git(mirror.gitDir, ["commit-tree", tree({ a: content }), ...args, "-m", "m"]);
  };

  it("from the base that they have", async () => {
    const base = commit(lines(), []);
    const ours = commit(lines({ 4: "four" }), [base]);
    const theirs = commit(lines({ 5: "five" }), [base]);

    const result = await mergeCommits({ ours, theirs }, { mirror: place().mirror, syntax });

    if (result.kind !== "merged") throw new Error(result.kind);
    expect(shown(result.tree, "a")).toBe(lines({ 4: "four", 5: "five" }).trim());
  });

  it("not where they cross and their ancestors do not agree on the place", async () => {
    const root = commit("0\n", []);
    const [left, right] = [commit("left\n", [root]), commit("right\n", [root])];
    const ours = commit("ours\n", [left, right]);
    const theirs = commit("theirs\n", [right, left]);

    const result = await mergeCommits({ ours, theirs }, { mirror: place().mirror, syntax });

    expect(result).toMatchObject({
      kind: "conflicted",
      stuck: ["a"],
      files: [{ hunks: [{ why: expect.stringContaining("histories cross") }] }],
    });
  });

  it("not where they have nothing in common", async () => {
    const [ours, theirs] = [commit("1\n", []), commit("2\n", [])];

    expect(await mergeCommits({ ours, theirs }, { mirror: place().mirror, syntax })).toEqual({
      kind: "no-base",
      why: "unrelated",
      missing: [],
    });
  });
});
