import { chmod, readlink, stat, symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { deleteFile } from "../../../../src/swarm/tools/delete-file.ts";
import { editFile } from "../../../../src/swarm/tools/edit-file.ts";
import { renameFile } from "../../../../src/swarm/tools/rename-file.ts";
import { folderSession } from "../../../fakes/folder-session.ts";
import { benchOf, gitRepository, use } from "./tools-world.ts";

describe("a path that git ignores", () => {
  const files = { "src/a.txt": "a", "src/kept.log": "a", ".gitignore": "*.log\n" };

  it("may be written, and the worker is told that it is no part of its work", async () => {
    await using session = await folderSession(files);
    await gitRepository(session);
    await session.run(["git", "add", "-f", "src/kept.log"]);

    const texts = [
      await use(editFile, session, { path: "src/new.log", old: "", new: "x" }),
      await use(editFile, session, { path: "src/new.txt", old: "", new: "x" }),
      await use(editFile, session, { path: "src/kept.log", old: "a", new: "x" }),
    ].map(({ text }) => text);

    expect(texts).toEqual([
      "Wrote src/new.log. Git ignores this path: the file is no part of your work.",
      "Wrote src/new.txt.",
      "Wrote src/kept.log.",
    ]);
  });

  it("takes no file that git carries", async () => {
    await using session = await folderSession({ ...files, "src/old.log": "b" });
    await gitRepository(session);

    const results = [
      await use(renameFile, session, { from: "src/a.txt", to: "src/b.log" }),
      await use(renameFile, session, { from: "src/old.log", to: "src/new.log" }),
    ];

    expect(results.map(({ kind, text }) => [kind, text])).toEqual([
      ["failed", "Git ignores the new path: the file would be lost."],
      ["done", "Moved src/old.log to src/new.log."],
    ]);
    expect(await session.text("src/a.txt")).toBe("a");
  });
});

describe("a name that differs from another one only by case", () => {
  it("is neither made nor moved to, but may take the other one's place", async () => {
    await using session = await folderSession({ "src/Readme": "a", "src/lib/b": "b" });

    const results = [
      await use(editFile, session, { path: "src/README", old: "", new: "x" }),
      await use(editFile, session, { path: "src/Lib/c", old: "", new: "x" }),
      await use(renameFile, session, { from: "src/lib/b", to: "src/readme" }),
      await use(renameFile, session, { from: "src/Readme", to: "src/README" }),
      await use(editFile, session, { path: "src/lib/c/d", old: "", new: "x" }),
    ];

    expect(results.map(({ kind }) => kind)).toEqual(["failed", "failed", "failed", "done", "done"]);
    expect(results[0]?.text).toContain("differs only by case");
  });
});

describe("several edits of one file", () => {
  it("are each made in what the one before left", async () => {
    await using session = await folderSession({ "src/a.txt": "a b c b" });
    const edits = [
      { old: "a", new: "bb" },
      { old: "bb b", new: "x" },
      { old: "b", new: "y", all: true },
    ];

    const result = await use(editFile, session, { path: "src/a.txt", edits });

    expect(result).toEqual({ kind: "done", text: "Wrote src/a.txt.", changed: true });
    expect(await session.text("src/a.txt")).toBe("x c y");
  });

  it.each([
    ["doubles it again and again", "a", Array(50).fill({ old: "a", new: "aa", all: true })],
    [
      "puts much in many places",
      "a".repeat(4000),
      [{ old: "a", new: "b".repeat(10_000), all: true }],
    ],
  ])("make no file that could not be edited any more: one that %s", async (_, text, edits) => {
    await using session = await folderSession({ "src/a.txt": text });

    const result = await use(editFile, session, { path: "src/a.txt", edits });

    expect(result.text).toContain("The file would be larger than 1 MiB.");
    expect(await session.text("src/a.txt")).toBe(text);
  });

  it("whose text occurs very often is not counted to its end", async () => {
    await using session = await folderSession({ "src/a.txt": "a".repeat(5000) });

    const result = await use(editFile, session, { path: "src/a.txt", old: "aa", new: "b" });

    expect(result.text).toContain("`old` occurs 100 times or more.");
  });

  it("may begin with the making of the file", async () => {
    await using session = await folderSession();
    const edits = [
      { old: "", new: "one" },
      { old: "one", new: "two" },
    ];

    await use(editFile, session, { path: "src/new/a.txt", edits });

    expect(await session.text("src/new/a.txt")).toBe("two");
  });

  it.each([
    [
      "does not occur",
      [
        { old: "a", new: "x" },
        { old: "a", new: "y" },
      ],
      "Edit 2 of 2: `old` does not occur",
    ],
    [
      "occurs twice",
      [
        { old: "a", new: "bb" },
        { old: "b", new: "y" },
      ],
      "Edit 2 of 2: `old` occurs 3 times",
    ],
    [
      "changes nothing",
      [
        { old: "a", new: "a" },
        { old: "b", new: "y" },
      ],
      "Edit 1 of 2: `old` and `new` are the same",
    ],
    [
      "would make it anew",
      [
        { old: "a", new: "x" },
        { old: "", new: "y" },
      ],
      "Edit 2 of 2: src/a.txt exists already",
    ],
  ])("are none of them made where one %s", async (_, edits, problem) => {
    await using session = await folderSession({ "src/a.txt": "a b" });

    const result = await use(editFile, session, { path: "src/a.txt", edits });

    expect(result.kind).toBe("failed");
    expect(result.text).toContain(problem);
    expect(result.text).toContain("Nothing was changed.");
    expect(await session.text("src/a.txt")).toBe("a b");
  });

  it.each([
    ["nothing to change", { path: "src/a.txt" }],
    ["only what is there", { path: "src/a.txt", old: "a" }],
    ["only what is to be there", { path: "src/a.txt", new: "a" }],
    ["both forms", { path: "src/a.txt", old: "a", new: "b", edits: [{ old: "a", new: "b" }] }],
    ["`all` beside edits", { path: "src/a.txt", all: true, edits: [{ old: "a", new: "b" }] }],
    ["no edits", { path: "src/a.txt", edits: [] }],
    ["edits as text", { path: "src/a.txt", edits: "a" }],
    [
      "an edit with a field too many",
      { path: "src/a.txt", edits: [{ old: "a", new: "b", path: "x" }] },
    ],
    ["edits without end", { path: "src/a.txt", edits: Array(51).fill({ old: "a", new: "b" }) }],
  ])("with %s are malformed, and nothing runs", async (_, input) => {
    await using session = await folderSession({ "src/a.txt": "a b" });

    const result = await use(editFile, session, input);

    expect(result.kind).toBe("malformed");
    expect(session.commands).toEqual([]);
  });

  it.each([
    ["a NUL character", "a\0b", "NUL"],
    ["half a character", "a\uD800b", "half of a character"],
  ])("that would write %s are refused", async (_, text, word) => {
    await using session = await folderSession({ "src/a.txt": "a" });

    const results = [
      await use(editFile, session, { path: "src/a.txt", old: "a", new: text }),
      await use(editFile, session, { path: "src/b.txt", edits: [{ old: "", new: text }] }),
    ];

    for (const result of results)
      expect(result).toMatchObject({ kind: "failed", text: expect.stringContaining(word) });
    expect(session.commands).toEqual([]);
  });

  it("in a binary file are refused also where its bytes are UTF-8", async () => {
    await using session = await folderSession({ "src/bin": "a\0b" });

    const result = await use(editFile, session, { path: "src/bin", old: "a", new: "x" });

    expect(result).toMatchObject({ kind: "failed", text: expect.stringContaining("binary") });
    expect(await session.text("src/bin")).toBe("a\0b");
  });
});

describe("a file that is shared with another item", () => {
  const CODE =
    "export function mine() {\n  return 1;\n}\n\nexport function theirs() {\n  return 2;\n}\n";
  const item = { paths: ["src/**"], symbols: [{ path: "src/a.ts", names: ["mine"] }] };

  it("is changed in the item's own parts and with what is new", async () => {
    await using session = await folderSession({ "src/a.ts": CODE });
    const bench = benchOf(session, { item });

    const results = [
      await editFile.call({ path: "src/a.ts", old: "return 1", new: "return 3" }, bench),
      await editFile.call(
        {
          path: "src/a.ts",
          old: "export function theirs",
          new: "const fresh = 1;\n\nexport function theirs",
        },
        bench,
      ),
      await editFile.call({ path: "src/b.ts", old: "", new: "x" }, bench),
    ];

    expect(results.map(({ kind }) => kind)).toEqual(["done", "done", "done"]);
  });

  it("is not changed elsewhere, moved or removed", async () => {
    await using session = await folderSession({ "src/a.ts": CODE, "src/c.ts": "" });
    const bench = benchOf(session, { item });

    const results = [
      await editFile.call({ path: "src/a.ts", old: "return 2", new: "return 3" }, bench),
      await deleteFile.call({ path: "src/a.ts" }, bench),
      await renameFile.call({ from: "src/a.ts", to: "src/b.ts" }, bench),
      await renameFile.call({ from: "src/c.ts", to: "src/a.ts" }, bench),
    ];

    expect(results.map(({ kind }) => kind)).toEqual(Array(4).fill("failed"));
    expect(results[0]?.text).toContain("may change only mine");
    expect(results[1]?.text).toContain("shared with another work item");
    expect(await session.text("src/a.ts")).toBe(CODE);
  });

  it("is not changed at all where no parser knows it", async () => {
    await using session = await folderSession({ "src/a.rb": "def mine\nend\n" });
    const shared = { paths: ["src/**"], symbols: [{ path: "src/a.rb", names: ["mine"] }] };

    const result = await editFile.call(
      { path: "src/a.rb", old: "mine", new: "other" },
      benchOf(session, { item: shared }),
    );

    expect(result).toMatchObject({ kind: "failed", text: expect.stringContaining("no parser") });
    expect(await session.text("src/a.rb")).toBe("def mine\nend\n");
  });
});

describe("rename", () => {
  it("moves a file with its bytes and its right to run, and makes folders", async () => {
    await using session = await folderSession({ "src/a.sh": Uint8Array.of(0, 255, 10) });
    await chmod(join(session.folder, "src/a.sh"), 0o755);

    const result = await use(renameFile, session, { from: "src/a.sh", to: "new/deep/-b.sh" });

    expect(result).toEqual({
      kind: "done",
      text: "Moved src/a.sh to new/deep/-b.sh.",
      changed: true,
    });
    expect((await stat(join(session.folder, "new/deep/-b.sh"))).mode & 0o777).toBe(0o755);
    expect(await session.text("src/a.sh")).toBeUndefined();
  });

  it.each([
    ["what there is not", "src/zzz", "src/b", "no such file"],
    ["a folder", "src/dir", "src/b", "not a regular file"],
    ["a link", "src/link", "src/b", "symbolic link"],
    ["to where a file is", "src/a", "src/dir/x", "something at the new path"],
    ["to where a folder is", "src/a", "src/dir", "something at the new path"],
    ["to where a link hangs", "src/a", "src/dangling", "something at the new path"],
    ["through a link", "src/a", "src/out/x", "symbolic link"],
    ["out of a link", "src/out/secret", "src/b", "symbolic link"],
    ["to itself", "src/a", "src/a", "are the same"],
    ["below a file", "src/a", "src/dir/x/y", "could not be moved"],
    ["out of the item", "src/a", "lib/a", "outside this work item"],
    ["into the item", "README.md", "src/b", "outside this work item"],
    ["into git's folder", "src/a", "src/.git/x", "refused"],
    ["upwards", "src/a", "../x", "refused"],
    ["to a name with NUL", "src/a", "src/b\0", "refused"],
  ])("refuses %s", async (...[, from, to, word]) => {
    await using session = await folderSession({
      "src/a": "a",
      "src/dir/x": "x",
      "README.md": "r",
      "other/secret": "s",
    });
    await symlink("/nowhere/at/all", join(session.folder, "src/dangling"));
    await symlink("../other", join(session.folder, "src/out"));
    await symlink("a", join(session.folder, "src/link"));

    const result = await use(renameFile, session, { from, to });

    expect(result).toMatchObject({ kind: "failed", text: expect.stringContaining(word) });
    const texts = ["src/a", "src/dir/x", "README.md", "other/secret"].map((path) =>
      session.text(path),
    );
    expect(await Promise.all(texts)).toEqual(["a", "x", "r", "s"]);
    expect(await readlink(join(session.folder, "src/dangling"))).toBe("/nowhere/at/all");
  });
});
