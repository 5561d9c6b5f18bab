import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Edit } from "../../../src/core/change-set.ts";
import {
  freshSignal,
  git,
  mirrorOf,
  remove,
  temporaryFolder,
  upstreamWith,
  write,
} from "./sample-repository.ts";

const start = {
  "README.md": "hello\n",
  "src/a.ts": "a\n",
  "src/b.ts": "b\n",
  "bin/run": { mode: "100755", content: "#!/bin/sh\n" },
  sub: { mode: "160000", content: "a".repeat(40) },
};

async function sample() {
  const upstream = await upstreamWith(start);
  const mirror = await mirrorOf(upstream);
  const commit = (edits: readonly Edit[], message = "change") =>
    mirror.commitEdits({ parent: upstream.main, edits, message });
  return { upstream, mirror, commit };
}

describe("commitEdits", () => {
  it("writes, changes modes, links and deletes, and says what git holds", async () => {
    const { upstream, mirror, commit } = await sample();

    const made = await commit([
      write("README.md", "hello\nworld\n"),
      write("src/new ü.ts", "1\n2\n"),
      write("src/a.ts", "a\n", "100755"),
      write("link", "src/b.ts", "120000"),
      remove("bin/run"),
    ]);

    expect(made.base).toBe(upstream.main);
    expect(made.files).toEqual([
      { path: "README.md", status: "modified", insertions: 1, deletions: 0 },
      { path: "bin/run", status: "deleted", insertions: 0, deletions: 1 },
      { path: "link", status: "added", insertions: 1, deletions: 0 },
      { path: "src/a.ts", status: "modified", insertions: 0, deletions: 0 },
      { path: "src/new ü.ts", status: "added", insertions: 2, deletions: 0 },
    ]);
    expect(
      git(mirror.gitDir, ["ls-tree", "-r", "-z", made.commit])
        .split("\0")
        .map((l) => l.slice(0, 6)),
    ).toEqual(["100644", "120000", "100755", "100644", "100644", "160000", ""]);
    expect(made.tree).toBe(await mirror.treeOf(made.commit));
  });

  it("is signed by the bot alone, on the parent, with the message as it was", async () => {
    const { upstream, mirror, commit } = await sample();

    const made = await commit(
      [write("x", "1")],
      "fix: it\n\n$(touch x) `y`\nfrom :1\ndata 3\n-F\n",
    );

    const shown = git(mirror.gitDir, [
      "show",
      "--no-patch",
      "--format=%an|%ae|%cn|%ce|%P%n%B",
      made.commit,
    ]);
    const bot = "nexus[bot]|nexus[bot]@users.noreply.github.com";
    expect(shown).toBe(
      `${bot}|${bot}|${upstream.main}\nfix: it\n\n$(touch x) \`y\`\nfrom :1\ndata 3\n-F`,
    );
  });

  it.each([
    ["a NUL", "a\0b", "ab"],
    ["an escape", "a\u001b[2Jb", "a[2Jb"],
    ["a bidi mark", "a\u202Eb", "ab"],
    ["nothing", "", ""],
    ["a carriage return", "a\r\nb", "a\nb"],
  ])("takes a message with %s", async (_name, message, kept) => {
    const { mirror, commit } = await sample();

    const made = await commit([write("x", "1")], message);

    expect(git(mirror.gitDir, ["show", "--no-patch", "--format=%B", made.commit])).toBe(kept);
  });

  it.each([
    '"quoted"',
    "back'tick`",
    "-dash",
    " lead",
    "trail ",
    "a:b",
    "CON",
    "*",
    "日本語/ファイル",
    "e\u0301",
    "x".repeat(255),
    ".wh.x",
    "a b/c d",
    "$(x)",
    "#",
    "~",
    "%00",
  ])("carries the path %j byte for byte", async (path) => {
    const { mirror, commit } = await sample();

    const made = await commit([write(path, "x")]);

    expect(made.files).toEqual([{ path, status: "added", insertions: 1, deletions: 0 }]);
    expect(git(mirror.gitDir, ["cat-file", "blob", `${made.commit}:${path}`])).toBe("x");
  });

  it.each([
    ["nothing", ""],
    ["every byte", Buffer.from(Array.from({ length: 256 }, (_, i) => i)).toString("latin1")],
    [
      "what looks like commands",
      "\ndata 0\n\ncommit refs/heads/main\ndone\nM 100644 inline .git/x\n",
    ],
  ])("carries content with %s byte for byte", async (_name, text) => {
    const { mirror, commit } = await sample();
    const content = Buffer.from(text, "latin1");

    const made = await commit([{ kind: "write", path: "x", mode: "100644", content }]);

    const size = git(mirror.gitDir, ["cat-file", "-s", `${made.commit}:x`]);
    expect(size).toBe(String(content.length));
    expect(git(mirror.gitDir, ["rev-parse", `${made.commit}:x`])).toBe(
      git(mirror.gitDir, ["hash-object", "--stdin"], content),
    );
  });

  it("swaps files, folders and links for each other", async () => {
    const { mirror, commit } = await sample();

    const made = await commit([
      write("README.md/inner", "x\n"),
      remove("README.md"),
      remove("src/a.ts"),
      remove("src/b.ts"),
      write("src", "now a file\n"),
      remove("bin/run"),
      write("bin", "src", "120000"),
    ]);

    expect(await mirror.listFiles(made.commit)).toEqual(["README.md/inner", "bin", "src"]);
  });

  it("changes nothing when there is nothing to change", async () => {
    const { upstream, mirror, commit } = await sample();
    const nothing = {
      base: upstream.main,
      commit: upstream.main,
      tree: await mirror.treeOf(upstream.main),
      files: [],
    };

    expect(await commit([])).toEqual(nothing);
    expect(await commit([write("README.md", "hello\n"), remove("not-there")])).toEqual(nothing);
  });

  it.each<[string, Edit[], string]>([
    ["a path into .git", [write(".git/hooks/post-checkout", "x")], "spells .git"],
    ["a path that only folds to .git", [write("a/.GIT/config", "x")], "spells .git"],
    ["a path out of the tree", [write("../x", "x")], 'part \\"..\\"'],
    ["the deletion of a path out of the tree", [remove("a/../../x")], "part"],
    ["a newline in a path", [write("a\nD src", "x")], "control character"],
    ["an absolute link", [write("x", "/etc/passwd", "120000")], "absolute path"],
    ["a link into .git", [write("x", ".git/config", "120000")], "leads into .git"],
    [".gitmodules as a link", [write(".gitmodules", "x", "120000")], "expects a file"],
    ["one path twice", [write("x", "1"), write("x", "2")], "edited twice"],
    ["a file over a folder that keeps files", [write("src", "x")], "src/a.ts"],
    ["a file below a file that stays", [write("README.md/x", "x")], "README.md"],
    ["a file that is also a folder", [write("n", "x"), write("n/m", "y")], "refused"],
    ["the deletion of a whole folder by its name", [remove("src")], "src/a.ts"],
    ["the deletion of a submodule", [remove("sub")], "submodule"],
    ["a file in place of a submodule", [write("sub", "x")], "submodule"],
  ])("refuses %s and keeps no commit", async (_name, edits, reason) => {
    const { mirror, commit } = await sample();

    await expect(commit(edits)).rejects.toMatchObject({
      code: "git.failed",
      retryable: false,
      message: expect.stringContaining(reason.replaceAll("\\", "")),
    });
    expect(git(mirror.gitDir, ["for-each-ref", "refs/nexus/made"])).toBe("");
  });

  it.each([
    ["a dash", '[submodule "x"]\n\tpath = x\n\turl = --upload-pack=touch\n'],
    ["a command", '[submodule "x"]\n\tpath = x\n\turl = https://x/y\n\tupdate = !touch x\n'],
    ["a name that leads out", '[submodule "../../x"]\n\tpath = x\n\turl = https://x/y\n'],
  ])("refuses a .gitmodules with %s", async (_name, text) => {
    const { commit } = await sample();

    await expect(commit([write(".gitmodules", text)])).rejects.toMatchObject({
      code: "git.failed",
    });
  });

  it("refuses a parent that is not here or is no id", async () => {
    const { mirror } = await sample();
    const commitOn = (parent: string) =>
      mirror.commitEdits({ parent, edits: [write("x", "1")], message: "m" });

    await expect(commitOn("b".repeat(40))).rejects.toMatchObject({ code: "git.failed" });
    await expect(commitOn("refs/heads/main\ndone")).rejects.toThrow("is not an object id");
  });

  it("writes many commits at once", async () => {
    const { mirror, commit } = await sample();

    const made = await Promise.all([1, 2, 3, 4].map((n) => commit([write(`f${n}`, String(n))])));

    expect(await Promise.all(made.map((m, i) => mirror.readFile(m.commit, `f${i + 1}`)))).toEqual([
      "1",
      "2",
      "3",
      "4",
    ]);
  });

  it("writes a thousand files in one go", async () => {
    const { commit } = await sample();

    const made = await commit(
      Array.from({ length: 1000 }, (_, n) => write(`d${n % 10}/f${n}`, `${n}\n`)),
    );

    expect(made.files).toHaveLength(1000);
  });
});

describe("commitTree", () => {
  it("puts a known tree on a parent", async () => {
    const { upstream, mirror, commit } = await sample();
    const first = await commit([write("x", "1\n")]);

    const made = await mirror.commitTree({
      parent: upstream.main,
      tree: first.tree,
      message: "again\0",
    });

    expect(made).toMatchObject({
      base: upstream.main,
      tree: first.tree,
      files: [{ path: "x", status: "added", insertions: 1, deletions: 0 }],
    });
    expect(git(mirror.gitDir, ["show", "--no-patch", "--format=%ce|%s|%P", made.commit])).toBe(
      `nexus[bot]@users.noreply.github.com|again|${upstream.main}`,
    );
  });

  it("is its base when the tree is the same", async () => {
    const { upstream, mirror } = await sample();
    const tree = await mirror.treeOf(upstream.main);

    const made = await mirror.commitTree({ parent: upstream.main, tree, message: "m" });

    expect(made).toEqual({ base: upstream.main, commit: upstream.main, tree, files: [] });
  });

  it("refuses a tree that is not here", async () => {
    const { upstream, mirror } = await sample();

    const making = mirror.commitTree({ parent: upstream.main, tree: "c".repeat(40), message: "m" });

    await expect(making).rejects.toMatchObject({ code: "git.failed" });
  });
});

describe("a bundle", () => {
  it("carries what head has and base has not", async () => {
    const { upstream, mirror, commit } = await sample();
    const made = await commit([write("x", "1")]);

    const bundle = await mirror.bundle(upstream.main, made.commit);

    const file = join(await temporaryFolder(), "bundle");
    await writeFile(file, bundle);
    git(upstream.gitDir, ["bundle", "unbundle", file]);
    expect(git(upstream.gitDir, ["rev-parse", `${made.commit}^{tree}`])).toBe(made.tree);
    expect(git(upstream.gitDir, ["rev-parse", `${made.commit}^`])).toBe(upstream.main);
  });

  it("is refused when there is nothing to carry", async () => {
    const { upstream, mirror } = await sample();

    await expect(mirror.bundle(upstream.main, upstream.main)).rejects.toThrow("nothing to bundle");
    await expect(mirror.bundle(upstream.main, "d".repeat(40))).rejects.toMatchObject({
      code: "git.failed",
    });
    await mirror.fetch({ url: upstream.url, ref: "refs/heads/main", signal: freshSignal() });
  });
});
