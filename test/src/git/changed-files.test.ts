import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Files, git, mirrorOf, upstreamWith } from "./sample-repository.ts";

const long = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";

async function changed(before: Files, after: Files) {
  const upstream = await upstreamWith(before);
  const mirror = await mirrorOf(upstream);
  const to = upstream.commit(after, { branch: "next", parents: [upstream.main] });
  git(mirror.gitDir, ["fetch", "--quiet", upstream.gitDir, "refs/heads/next"]);
  return { mirror, from: upstream.main, to };
}

describe("changedFiles", () => {
  it("counts lines, follows renames and knows binary files and changes of type", async () => {
    const { mirror, from, to } = await changed(
      { "a\tb\n": "1\n", bin: Buffer.from([0, 1]), gone: "x\n", old: long, type: "t\n" },
      {
        "a\tb\n": "1\n2\n",
        added: "",
        bin: Buffer.from([0, 2]),
        renamed: `${long}10\n`,
        type: { mode: "120000", content: "x" },
      },
    );

    expect(await mirror.changedFiles(from, to)).toEqual([
      { path: "a\tb\n", status: "modified", insertions: 1, deletions: 0 },
      { path: "added", status: "added", insertions: 0, deletions: 0 },
      { path: "bin", status: "modified" },
      { path: "gone", status: "deleted", insertions: 0, deletions: 1 },
      { path: "renamed", status: "renamed", insertions: 1, deletions: 0 },
      { path: "type", status: "type-changed", insertions: 1, deletions: 1 },
    ]);
  });

  it("is empty for the same commit", async () => {
    const { mirror, from } = await changed({ a: "1" }, { a: "2" });

    expect(await mirror.changedFiles(from, from)).toEqual([]);
  });
});

describe("diff", () => {
  it("shows a unified diff without anything that acts on a terminal or hides", async () => {
    const { mirror, from, to } = await changed({ a: "1\n" }, { a: "\u001b[2J\u202E2\r\n" });

    expect((await mirror.diff(from, to, 10_000)).split("\n").slice(4)).toEqual([
      "@@ -1 +1 @@",
      "-1",
      "+[2J2",
      "",
    ]);
  });

  it.each([0, 1, 10, 200, 1000])(
    "stays within %i bytes and ends with a whole line",
    async (limit) => {
      const { mirror, from, to } = await changed(
        { a: "1\n" },
        { a: "ü\u00ff\n".repeat(2000), b: Buffer.from([0xff, 0x0a, 0xff, 0x0a]) },
      );

      const diff = await mirror.diff(from, to, limit);

      expect(Buffer.byteLength(diff)).toBeLessThanOrEqual(limit);
      expect(diff === "" || diff.endsWith("\n")).toBe(true);
    },
  );

  it("runs no external diff and no converter that the repository names", async () => {
    const { mirror, from, to } = await changed(
      { a: "1\n", ".gitattributes": "* diff=evil\n" },
      { a: "2\n", ".gitattributes": "* diff=evil\n" },
    );
    // Also where git would look first, and where a command would be found.
    await mkdir(join(mirror.gitDir, "info"), { recursive: true });
    await writeFile(join(mirror.gitDir, "info/attributes"), "* diff=evil\n");
    for (const key of ["diff.external", "diff.evil.command", "diff.evil.textconv"]) {
      git(mirror.gitDir, ["config", key, "echo evil; true"]);
    }

    expect(await mirror.diff(from, to, 10_000)).toContain("+2");
  });
});
