import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { overlayDifference } from "../../../sandbox/changes/difference.ts";
import { CHANGE_LIMITS, readChanges } from "../../../sandbox/changes/read-changes.ts";
import { NexusError, type RefusedPath } from "../../../src/core/errors.ts";
import { type ChangedTree, changedTree, type Mark } from "./changed-tree.ts";

const FILES = {
  "a.txt": "a\n",
  "sub/b.txt": "b\n",
  "sub/deep/c.txt": "c\n",
  "sub.txt": "beside\n",
  "kept.log": "kept\n",
  ".gitignore": "*.log\nbuild/\n",
  "sub/.gitignore": "!loud.log\n*.tmp\n",
};

const OPAQUE: readonly Mark[] = [["sub", "user.overlay.opaque", "y"]];
// What the kernel sets beside, and what a command can set: it is stored under another name.
const OTHER_MARKS: readonly Mark[] = [
  ["sub", "user.overlay.impure", "y"],
  ["sub", "user.overlay.origin", "y"],
  ["sub", "user.overlay.overlay.opaque", "y"],
  ["sub/deep", "user.overlay.opaque", "x"],
];

async function refusedOf(tree: ChangedTree, limits = {}): Promise<readonly RefusedPath[]> {
  const error: unknown = await tree.read(limits).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(NexusError);
  expect(error).toMatchObject({ code: "sandbox.refused-path", retryable: false });
  return error instanceof NexusError ? error.paths : [];
}

describe("the change set of a layer", () => {
  it.each([
    ["nothing", "true", []],
    ["a new file", "echo n > new", ["100644 new n\n"]],
    ["other bytes", "echo A > a.txt", ["100644 a.txt A\n"]],
    [
      "other bytes of the same length at the same time",
      "echo A > a.txt; touch -r $base/a.txt a.txt",
      ["100644 a.txt A\n"],
    ],
    ["the same bytes at another time", "echo a > a.txt; touch -d @1 a.txt", []],
    ["another mode", "echo a > a.txt; chmod 755 a.txt", ["100755 a.txt a\n"]],
    ["a mode that git does not keep", "echo a > a.txt; chmod 640 a.txt", []],
    ["setuid, setgid and sticky", "echo n > n; chmod 7755 n", ["100755 n n\n"]],
    ["a file that is a link now", "ln -s sub a.txt", ["120000 a.txt sub"]],
    ["links in a ring", "ln -s y x; ln -s x y", ["120000 x y", "120000 y x"]],
    ["a deleted file", "mknod a.txt c 0 0", ["delete a.txt"]],
    [
      "a deleted folder",
      "mknod sub c 0 0",
      ["delete sub/.gitignore", "delete sub/b.txt", "delete sub/deep/c.txt"],
    ],
    [
      "a folder in place of a file",
      "mkdir a.txt; echo n > a.txt/n",
      ["delete a.txt", "100644 a.txt/n n\n"],
    ],
    [
      "a file in place of a folder",
      "echo n > sub",
      ["delete sub/.gitignore", "delete sub/b.txt", "delete sub/deep/c.txt", "100644 sub n\n"],
    ],
    ["names of older whiteouts", "echo n > .wh.a.txt", ["100644 .wh.a.txt n\n"]],
    ["hard links", "echo n > one; ln one two", ["100644 one n\n", "100644 two n\n"]],
    [
      "what git's own folder holds",
      "mkdir -p .git/hooks; echo n > .git/hooks/x; mkfifo .git/p",
      [],
    ],
    ["empty folders", "mkdir -p x/y", []],
  ])("tells %s", async (_what, script, expected) => {
    const tree = await changedTree(FILES, script);

    expect(await tree.read()).toEqual(expected);
    expect(readdirSync(tree.scratch)).toEqual([]);
  });

  it.each([
    ["by the rules of the commit", "echo n > x.log; mkdir build; echo n > build/x", []],
    ["but never what the commit carries", "echo n > kept.log", ["100644 kept.log n\n"]],
    [
      "by rules further down",
      "mkdir sub; echo n > sub/loud.log; echo n > sub/x.tmp",
      ["100644 sub/loud.log n\n"],
    ],
    [
      "by new rules",
      "echo new > .gitignore; echo n > new; echo n > x.log",
      ["100644 .gitignore new\n", "100644 x.log n\n"],
    ],
    [
      "by no rules that are gone",
      "mknod .gitignore c 0 0; echo n > x.log",
      ["delete .gitignore", "100644 x.log n\n"],
    ],
    [
      "even where it could not be read",
      "mkdir build; mkfifo build/p; echo n > build/.git; mkdir build/d; chmod 0 build/d",
      [],
    ],
    [
      "whatever a name looks like",
      "echo n > ':(glob)x'; echo n > -x.log; echo n > '!x.log'; echo n > 'a*.txt'",
      ["100644 :(glob)x n\n", "100644 a*.txt n\n"],
    ],
  ])("leaves out what git ignores, %s", async (_what, script, expected) => {
    const tree = await changedTree(FILES, script);

    expect(await tree.read()).toEqual(expected);
  });

  it.each([
    [
      "a folder made anew",
      { script: "mkdir -p sub/deep; echo n > sub/deep/n", marks: OPAQUE },
      [
        "delete sub/.gitignore",
        "delete sub/b.txt",
        "delete sub/deep/c.txt",
        "100644 sub/deep/n n\n",
      ],
    ],
    [
      "a folder that only bears other marks",
      { script: "mkdir -p sub/deep", marks: OTHER_MARKS },
      [],
    ],
    [
      "a folder made anew with the same file",
      { script: "mkdir -p sub/deep; echo c > sub/deep/c.txt", marks: OPAQUE },
      ["delete sub/.gitignore", "delete sub/b.txt"],
    ],
    [
      "a folder made anew that had rules",
      {
        script:
          "mkdir -p sub/deep; echo n > sub/x.tmp; echo b > sub/b.txt; echo c > sub/deep/c.txt",
        marks: OPAQUE,
      },
      ["delete sub/.gitignore", "100644 sub/x.tmp n\n"],
    ],
  ])("tells %s", async (_what, { script, marks }, expected) => {
    const tree = await changedTree(FILES, script, marks);

    expect(await tree.read()).toEqual(expected);
  });

  it("takes no rules from a link", async () => {
    const tree = await changedTree({ "a.txt": "a", rules: "x" }, "echo n > x");
    await symlink("rules", join(tree.base, ".gitignore"));

    expect(await tree.read()).toEqual(["100644 x n\n"]);
  });
});

describe("a change set with paths that git must never carry", () => {
  it.each([
    ["git's folder further down", "mkdir -p x/.git; echo n > x/.git/config", "x/.git/config"],
    ["git's folder in other letters", "mkdir .GIT; echo n > .GIT/x", ".GIT/x"],
    ["git's folder as a file", "mkdir x; echo n > x/.git", "x/.git"],
    [
      "a stream of git's folder",
      "mkdir '.git::$INDEX_ALLOCATION'; echo n > '.git::$INDEX_ALLOCATION/x'",
      ".git::$INDEX_ALLOCATION/x",
    ],
    ["a FIFO", "mkfifo p", "p"],
    ["a FIFO where a file was", "mkfifo a.txt", "a.txt"],
    [
      "a socket",
      `${process.execPath} -e 'require("net").createServer().listen("s", () => process.exit())'; test -S s || mkfifo s`,
      "s",
    ],
    ["a file nobody may read", "echo n > n; chmod 0 n", "n"],
    ["a folder nobody may enter", "mkdir d; echo n > d/n; chmod 0 d", "d"],
    ["a folder of the commit that nobody may enter", "mkdir sub; chmod 0 sub", "sub"],
    ["an absolute link", "ln -s /etc/passwd l", "l"],
    ["a link that leads out", "ln -s ../x l", "l"],
    ["linked modules", "ln -s a.txt .gitmodules", ".gitmodules"],
    [
      "linked rules",
      "ln -s a.txt x.gitignore; mkdir n; ln -s ../a.txt n/.gitignore",
      "n/.gitignore",
    ],
    [
      "a sparse file that is larger than the disk",
      "truncate -s 8T big 2>/dev/null || truncate -s 1T big",
      "big",
    ],
    ["a twin by case", "echo n > A.txt", "A.txt"],
    ["a twin folder by case", "mkdir SUB; echo n > SUB/n", "SUB"],
    [
      "a twin by composed letters",
      "echo n > \"$(printf 'e\\314\\201')\"; echo n > \"$(printf '\\303\\251')\"",
      "e\u0301",
    ],
    ["something in a submodule", "mkdir -p module/x; echo n > module/x/n", "module/x/n"],
    ["something in place of a submodule", "echo n > module", "module"],
    ["a submodule that is gone", "mknod module c 0 0", "module"],
  ])("is refused for %s", async (_what, script, path) => {
    const tree = await changedTree({ ...FILES, "module/": "" }, script);

    const refused = await refusedOf(tree);

    expect(refused.map((one) => one.path)).toContain(path);
    expect(refused.every(({ why }) => why.length > 5)).toBe(true);
  });

  it("names each of them, and carries nothing", async () => {
    const tree = await changedTree(
      FILES,
      "mkfifo p; ln -s /x l; echo fine > fine; mkdir .Git; echo n > .Git/x",
    );

    expect([...(await refusedOf(tree))].sort((a, b) => (a.path < b.path ? -1 : 1))).toEqual([
      { path: ".Git/x", why: "a name spells git's own folder" },
      { path: "l", why: "a link with an absolute or empty target" },
      { path: "p", why: "a FIFO, not a file" },
    ]);
  });

  it("counts them beyond a hundred", async () => {
    const tree = await changedTree(FILES, "for i in $(seq 123); do ln -s /x l$i; done");

    const refused = await refusedOf(tree);

    expect(refused).toHaveLength(101);
    expect(refused.at(-1)).toEqual({ path: "…", why: "and 23 more" });
  });

  it.each([
    ["too many files", { files: 2 }, "more than 2 changed files"],
    ["too many bytes", { bytes: 5 }, "more than 5 bytes in changed files"],
  ])("is refused as a whole for %s", async (_what, limits, why) => {
    const tree = await changedTree(FILES, "echo one > 1; echo two > 2; mknod a.txt c 0 0");

    expect(await refusedOf(tree, limits)).toEqual([{ path: ".", why }]);
  });

  it("is not refused for a large file that only was touched", async () => {
    const tree = await changedTree({ big: "x".repeat(3_000_000) }, "cp $base/big big; touch big");

    expect(await tree.read({ fileBytes: 1_000 })).toEqual([]);
  });

  it("is refused for folders that are nested too deep", async () => {
    const tree = await changedTree(FILES, "for i in $(seq 203); do mkdir d; cd d; done");

    expect(await refusedOf(tree)).toEqual([{ path: ".", why: "folders nested deeper than 200" }]);
  });

  it("is not refused for twins that the commit has already, nor for a name that only changes its case", async () => {
    const tree = await changedTree(
      { readme: "one", README: "two", "old.txt": "o" },
      "echo n > README; mknod old.txt c 0 0; echo o > OLD.txt",
    );

    expect(await tree.read()).toEqual([
      "delete old.txt",
      "100644 OLD.txt o\n",
      "100644 README n\n",
    ]);
  });

  it("does not wait for a FIFO that took the place of a file after it was listed", async () => {
    const tree = await changedTree(FILES, "echo n > n");
    const pass = () => false;
    const listed = await overlayDifference({
      upper: tree.upper,
      tree: { folders: [tree.base] },
      pass,
    });
    await rm(join(tree.upper, "n"));
    execFileSync("sh", ["-c", "mkfifo n"], { cwd: tree.upper });

    const reading = readChanges(listed, { scratch: tree.scratch, limits: CHANGE_LIMITS });

    await expect(reading).rejects.toMatchObject({
      paths: [{ path: "n", why: "changed while it was read" }],
    });
  });
});
