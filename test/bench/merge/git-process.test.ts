import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openBlobs } from "./git-process.ts";

let gitDir = "";
beforeAll(async () => {
  gitDir = await mkdtemp(join(tmpdir(), "nexus-bench-test-"));
  execFileSync("git", ["init", "--bare", "--quiet", gitDir]);
});
afterAll(() => rm(gitDir, { recursive: true, force: true }));

function written(text: string): string {
  const args = [`--git-dir=${gitDir}`, "hash-object", "-w", "--stdin"];
  return execFileSync("git", args, { input: text }).toString().trim();
}

describe("blobs of a repository", () => {
  it("are read side by side, but for those that are too large, missing or none", async () => {
    const long = "line\n".repeat(100_000);
    const [small, large, huge] = [written("small\n"), written(long), written(`${long}x`)];
    const tree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";
    await using blobs = openBlobs(gitDir, {});

    const ids = [small, "0".repeat(40), huge, large, tree, small];
    const read = await Promise.all(ids.map((id) => blobs.read(id, long.length)));

    expect(read.map((blob) => blob?.toString())).toEqual([
      "small\n",
      undefined,
      undefined,
      long,
      undefined,
      "small\n",
    ]);
  });
});
