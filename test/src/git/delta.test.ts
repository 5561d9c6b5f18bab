import { execFileSync } from "node:child_process";
import { lstatSync, readFileSync, readlinkSync } from "node:fs";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { viewOf } from "../../../sandbox/changes/frozen-tree.ts";
import { checkoutInto } from "../../../src/git/checkout.ts";
import { writeDelta } from "../../../src/git/delta.ts";
import { randomHistory } from "./random-history.ts";
import { type Files, temporaryFolder, upstreamWith } from "./sample-repository.ts";

/** Every file of a stack of folders: kind, mode, bytes. */
async function contentOf(folders: readonly string[]): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const { path, kind, place, stats } of await viewOf({ folders }).walk(
    (at) => at === ".git",
  )) {
    const bytes = { file: readFileSync, link: readlinkSync }[kind as "file"]?.(place) ?? "";
    const mode = kind === "file" ? (stats.mode & 0o777n).toString(8) : "";
    found[path] = `${kind} ${mode} ${bytes.toString("latin1")}`;
  }
  return found;
}

function inside(folder: string, ...args: string[]): string {
  const env = { PATH: process.env.PATH, HOME: folder, GIT_CONFIG_NOSYSTEM: "1" };
  return execFileSync("git", args, { cwd: folder, env, encoding: "latin1", stdio: "pipe" });
}

/** A checkout of one commit, and the delta from there to another. */
async function deltaBetween(before: Files, after: Files) {
  const upstream = await upstreamWith(before);
  const commit = upstream.commit(after, { parents: [upstream.main] });
  const [below, folder] = [await temporaryFolder(), await temporaryFolder()];
  await checkoutInto({ gitDir: upstream.gitDir, commit: upstream.main, folder: below });
  const at = { gitDir: upstream.gitDir, from: upstream.main, commit, below, folder };
  return { ...at, write: () => writeDelta(at) };
}

const namesIn = async (folder: string) =>
  (await readdir(folder, { recursive: true })).filter((path) => !path.startsWith(".git")).sort();

describe("writeDelta", { timeout: 120_000 }, () => {
  it("makes of any commit over any other what a checkout makes", async () => {
    const { gitDir, commits } = await randomHistory(20, 32);
    let folders: string[] = [];
    let written = 0;

    for (const [at, commit] of commits.entries()) {
      const fresh = await temporaryFolder();
      await checkoutInto({ gitDir, commit, folder: fresh });
      const [from, below, folder] = [commits[at - 1], folders[0], await temporaryFolder()];
      // Not one chain only: each tenth stands on nothing.
      if (at % 10 === 0 || !from || !below) folders = [fresh];
      else {
        const isWritten = await writeDelta({ gitDir, commit, from, below, folder });
        folders = isWritten ? [folder, ...folders] : [fresh];
        written += isWritten ? 1 : 0;
      }

      expect(await contentOf(folders), commit).toEqual(await contentOf([fresh]));
      const index = inside(folders[0] ?? "", "ls-files", "--stage", "-z");
      expect(index).toBe(inside(fresh, "ls-files", "--stage", "-z"));
    }
    expect(written).toBeGreaterThan(10);
  }, 180_000);

  it("writes only what differs, and a folder that is gone as one whiteout", async () => {
    const kept = { "kept/a": "a", "kept/b": "b" };
    const { folder, write } = await deltaBetween(
      { ...kept, "gone/deep/x": "1", "gone/y": "2", "kept/c": "c" },
      { ...kept, "kept/d": "d" },
    );

    await write();

    expect(await namesIn(folder)).toEqual(["gone", "kept", "kept/c", "kept/d"]);
    for (const path of ["gone", "kept/c"]) {
      const stats = lstatSync(join(folder, path));
      expect([stats.isCharacterDevice(), stats.rdev]).toEqual([true, 0]);
    }
  });

  it("leaves a folder that becomes a submodule to a checkout, which leaves nothing under it", async () => {
    const { folder, write } = await deltaBetween(
      { "lib/a": "a", "lib/deep/b": "b" },
      { lib: { mode: "160000", content: "a".repeat(40) } },
    );

    expect(await write()).toBe(false);

    expect(await readdir(folder)).toEqual([]);
  });

  it("gives the container the new objects only", async () => {
    const { folder, commit, from, write } = await deltaBetween(
      { a: "1", b: "2" },
      { a: "1", b: "3" },
    );

    await write();

    const objects = inside(
      folder,
      "cat-file",
      "--batch-all-objects",
      "--batch-check=%(objecttype)",
    );
    expect(objects.trim().split("\n").sort()).toEqual(["blob", "commit", "tree"]);
    expect(inside(folder, "rev-parse", "HEAD").trim()).toBe(commit);
    expect(() => inside(folder, "cat-file", "-e", from)).toThrow();
    expect(await readdir(join(folder, ".git"))).not.toContain("whiteout");
  });

  it("writes nothing through a link that the commit brings", async () => {
    const outside = await temporaryFolder();
    await writeFile(join(outside, "x"), "theirs");
    const { write, folder } = await deltaBetween(
      { "dir/x": "1", other: "" },
      { dir: { mode: "120000", content: outside }, other: "" },
    );

    await write();

    expect(readlinkSync(join(folder, "dir"))).toBe(outside);
    expect(await readdir(outside)).toEqual(["x"]);
    expect(readFileSync(join(outside, "x"), "utf8")).toBe("theirs");
  });

  it.each([
    [".git below a folder", { "a/.git/hooks": "x" }],
    ["git~1", { "git~1": "x" }],
    ["a path out of the tree", { "..": "x" }],
  ])("refuses a commit with %s", async (_name, after: Files) => {
    const { write } = await deltaBetween({ a: "1" }, after);

    await expect(write()).rejects.toMatchObject({ code: "git.failed" });
  });

  it("refuses a folder that holds something, and ids that are none", async () => {
    const delta = await deltaBetween({ a: "1" }, { a: "2" });
    const { write: _write, ...at } = delta;
    const fresh = async () => ({ ...at, folder: await temporaryFolder() });
    await mkdir(join(delta.folder, "x"));

    await expect(writeDelta(at)).rejects.toThrow("empty folder");
    await expect(writeDelta({ ...(await fresh()), from: "--help" })).rejects.toThrow("object id");
    await expect(writeDelta({ ...(await fresh()), commit: "main" })).rejects.toThrow("object id");
  });
});
