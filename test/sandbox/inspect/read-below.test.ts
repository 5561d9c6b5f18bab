import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readBelow, readFrozen } from "../../../sandbox/inspect/read-below.ts";

let root = "";
let outside = "";
beforeAll(async () => {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "nexus-read-")));
  root = join(folder, "root");
  outside = join(folder, "outside");
  for (const made of [join(root, "folder"), outside]) await mkdir(made, { recursive: true });
  await writeFile(join(root, "folder", "file"), "inside");
  await writeFile(join(root, "empty"), "");
  await writeFile(join(outside, "file"), "secret");
  await symlink(outside, join(root, "way"));
  await symlink(join(outside, "file"), join(root, "link"));
  execFileSync("mkfifo", [join(root, "fifo")]);
});
afterAll(() => rm(join(root, ".."), { recursive: true, force: true }));

describe("a file below a folder in which commands write", () => {
  it.each([
    ["folder/file", "inside"],
    ["empty", ""],
  ])("is read: %s", (path, content) => {
    expect(readBelow(root, path, 6)).toEqual({ bytes: Buffer.from(content) });
  });

  it.each([
    ["way/file", "moved while it was read"],
    ["link", "not a file that can be opened"],
    ["fifo", "not a file"],
    ["folder", "not a file"],
    ["missing", "not a file that can be opened"],
    ["folder/file/below", "not a file that can be opened"],
  ])("is not read where it is none, or a link led there: %s", (path, why) => {
    expect(readBelow(root, path, 6)).toEqual({ why });
  });

  it("is not read beyond its bound", () => {
    expect(readBelow(root, "folder/file", 5)).toEqual({ why: "larger than 5 bytes" });
  });
});

it("where nobody writes, only a link at the end is not followed", () => {
  expect(readFrozen(Buffer.from(join(root, "way", "file")), 6)).toEqual({
    bytes: Buffer.from("secret"),
  });
  expect(readFrozen(Buffer.from(join(root, "link")), 6)).toHaveProperty("why");
});
