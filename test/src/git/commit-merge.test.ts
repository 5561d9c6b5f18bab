import { describe, expect, it } from "vitest";
import { lines, mergePlace, program, submodule } from "./merge-place.ts";
import { git, remove, write } from "./sample-repository.ts";

const place = mergePlace();

/** Two commits on one, as they would be merged. */
async function twoSides() {
  const { mirror, tree } = place();
  const commit = (files: Parameters<typeof tree>[0], parents: readonly string[]) =>
    git(mirror.gitDir, [
      "commit-tree",
      tree(files),
      ...parents.flatMap((p) => ["-p", p]),
      "-m",
      "by a person",
    ]);
  const base = commit({ a: lines(), b: "b\n" }, []);
  const ours = commit({ a: lines({ 1: "one" }), b: "b\n" }, [base]);
  const theirs = commit({ a: lines({ 9: "nine" }), b: "B\n" }, [base]);
  return {
    mirror,
    base,
    ours,
    theirs,
    tree: tree({ a: lines({ 1: "one", 9: "nine" }), b: "B\n" }),
  };
}

describe("commitMerge", () => {
  it("writes a commit with both parents in order, which stays, and tells what it brought to the first", async () => {
    const { mirror, ours, theirs, tree } = await twoSides();

    const merged = await mirror.commitMerge({
      parents: [ours, theirs],
      tree,
      message: "Merge it\n\n-x --y\u0000\u202e\n",
    });

    expect(merged).toMatchObject({ base: ours, tree });
    expect(merged.files.map(({ path }) => path)).toEqual(["a", "b"]);
    const { gitDir } = mirror;
    expect(git(gitDir, ["log", "-1", "--format=%P|%T|%an|%B", merged.commit])).toBe(
      `${ours} ${theirs}|${tree}|nexus[bot]|Merge it\n\n-x --y`,
    );
    expect(git(gitDir, ["for-each-ref", "--contains", merged.commit])).toContain("refs/nexus/made");
  });

  it("writes one that changes nothing, too: it says that theirs is in", async () => {
    const { mirror, ours, theirs } = await twoSides();
    const tree = await mirror.treeOf(ours);

    const merged = await mirror.commitMerge({ parents: [ours, theirs], tree, message: "ours" });

    expect(merged.files).toEqual([]);
    expect(git(mirror.gitDir, ["rev-parse", `${merged.commit}^2`])).toBe(theirs);
  });

  it("refuses what is no merge, no commit, no tree, or not here", async () => {
    const { mirror, ours, theirs, tree } = await twoSides();
    const absent = "e".repeat(40);
    const message = "m";

    for (const [parents, of] of [
      [[ours], tree],
      [[], tree],
      [[ours, ours], tree],
      [[ours, theirs, theirs], tree],
      [[ours, "HEAD"], tree],
      [[ours, tree], tree],
      [[ours, absent], tree],
      [[ours, theirs], absent],
      [[ours, theirs], ours],
      [[ours, theirs], "--help"],
    ] as const) {
      await expect(
        mirror.commitMerge({ parents, tree: of, message }),
        `${parents.join(" ")} ${of}`,
      ).rejects.toMatchObject({ code: "git.failed" });
    }
  });

  it("refuses a tree with names that git would not take from a stranger", async () => {
    const { mirror, ours, theirs } = await twoSides();
    const tree = place().tree({ ".git/config": "x\n" });

    await expect(
      mirror.commitMerge({ parents: [ours, theirs], tree, message: "m" }),
    ).rejects.toMatchObject({ code: "git.failed" });
  });
});

describe("editTree", () => {
  it("puts edits on a tree, and leaves the tree itself as it is", async () => {
    const { mirror, tree } = place();
    const start = tree({ a: "1\n", b: "2\n", "d/c": "3\n", s: submodule("a") });

    const edited = await mirror.editTree(start, [
      write("a", "one\n", "100755"),
      remove("b"),
      write("d/new", "n\n"),
    ]);

    const wanted = { a: program("one\n"), "d/c": "3\n", "d/new": "n\n", s: submodule("a") };
    expect(edited).toBe(tree(wanted));
    expect(await mirror.editTree(start, [])).toBe(start);
  });

  it.each([["../x"], [".git/config"], ["a\nb"], ["\u202ex"], ["a\\b"], [""]])(
    "refuses the path %j",
    async (path) => {
      const start = place().tree({ a: "1\n" });

      await expect(place().mirror.editTree(start, [write(path, "x")])).rejects.toMatchObject({
        code: "git.failed",
      });
    },
  );

  it("refuses what is no tree", async () => {
    const { mirror } = place();

    for (const id of ["HEAD", "e".repeat(40)]) {
      await expect(mirror.editTree(id, [write("a", "x")])).rejects.toMatchObject({
        code: "git.failed",
      });
    }
  });
});

describe("readBlobs", () => {
  const bounds = { each: 100, all: 1_000 };
  const put = (content: string | Buffer) =>
    git(place().mirror.gitDir, ["hash-object", "-w", "--stdin"], content);

  it("reads many at once, byte by byte", async () => {
    const contents = ["", "\n", "a\n\nb", "x blob 3\n", Buffer.of(0, 255, 10, 0)];
    const ids = contents.map(put);

    const blobs = await place().mirror.readBlobs([...ids, ...ids], bounds);

    expect(ids.map((id) => blobs.get(id))).toEqual(
      contents.map((content) => Uint8Array.from(Buffer.from(content))),
    );
    expect(blobs.size).toBe(ids.length);
    expect(await place().mirror.readBlobs([], bounds)).toEqual(new Map());
  });

  it("leaves out what is too large, too much, no blob, or not here", async () => {
    const [small, large] = [put("small\n"), put("x".repeat(101))];
    const tree = place().tree({ a: "1\n" });
    const absent = "e".repeat(40);
    const { mirror } = place();

    const blobs = await mirror.readBlobs([large, tree, absent, small], bounds);
    const few = await mirror.readBlobs([small, put("other\n")], { each: 100, all: 8 });

    expect([...blobs.keys()]).toEqual([small]);
    expect([...few.keys()]).toEqual([small]);
    await expect(mirror.readBlobs(["HEAD:a"], bounds)).rejects.toThrow("is not an object id");
  });
});
