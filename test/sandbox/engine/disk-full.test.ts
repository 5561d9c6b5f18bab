import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DockerSandboxOptions } from "../../../sandbox/docker-sandbox.ts";
import { orDiskFull } from "../../../sandbox/engine/disk-full.ts";
import { NexusError } from "../../../src/core/errors.ts";
import { checkoutInto } from "../../../src/git/checkout.ts";
import { leftovers } from "../engine-world.ts";
import { type SmallRepository, smallRepository } from "../small-repository.ts";
import { noDocker, testSandbox } from "../test-sandbox.ts";

const never = new AbortController().signal;
const MB = 1024 ** 2;
const FULL = { code: "sandbox.disk-full", retryable: true, hint: expect.stringContaining("disk") };

const mayMount = process.getuid?.() === 0;

/** As many MB, in files of 1 MB each, that cannot be packed any smaller. */
function manyFiles(count: number): Record<string, string> {
  const bytes = () => randomBytes(MB / 2).toString("hex");
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [`file-${at}`, bytes()]));
}

describe.skipIf(noDocker !== undefined || !mayMount)("a disk that is full", () => {
  let folder: string;
  let repository: SmallRepository;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "nexus-disk-"));
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${24 * MB}`, "tmpfs", folder]);
    repository = await smallRepository({ a: "a\n" });
  });
  afterAll(async () => {
    execFileSync("umount", ["--lazy", folder]);
    await rm(folder, { recursive: true, force: true });
    await repository[Symbol.asyncDispose]();
  });

  const sandbox = (minFreeBytes: number, options: Partial<DockerSandboxOptions> = {}) =>
    testSandbox({ folder: join(folder, "nexus"), mirror: "overlay", minFreeBytes, ...options });
  const workspace = () => {
    const { gitDir, commit } = repository;
    return { gitDir, commit, taskId: "t" };
  };

  it("is told before anything is made", async () => {
    await using parts = await sandbox(32 * MB);

    await expect(parts.sandbox.open(workspace(), never)).rejects.toMatchObject(FULL);

    expect(await leftovers(parts.owner)).toBe(0);
    expect(await readdir(parts.folder)).not.toContain("bases");
  });

  it("is told where a tree does not fit on it, and nothing of the tree stays", async () => {
    await using large = await smallRepository(manyFiles(18));
    await using parts = await sandbox(16 * MB, { checkout: checkoutInto });

    const opening = parts.sandbox.open({ ...workspace(), ...large }, never);

    await expect(opening).rejects.toMatchObject(FULL);
    await parts.sandbox.sweep([]);
    expect(await readdir(join(parts.folder, "bases"))).toEqual([]);
    expect(await readdir(join(parts.folder, "layers"))).toEqual([]);
  });

  it("ends the command that fills it as such, and is whole again after the session", async () => {
    await using parts = await sandbox(16 * MB);
    const session = await parts.sandbox.open(workspace(), never);

    const full = await session.run(["sh", "-c", "cat a; cat /dev/zero > zeros"]);
    const emptied = await session.run(["sh", "-c", "rm zeros; echo b > b"]);
    const edits = await session.changes();
    await session[Symbol.asyncDispose]();

    expect(full).toMatchObject({ exitCode: 1, ending: "disk-full" });
    expect(emptied).toMatchObject({ exitCode: 0, ending: "exited" });
    expect(edits).toMatchObject([{ kind: "write", path: "b" }]);
    expect(await leftovers(parts.owner)).toBe(0);
    await using again = await parts.sandbox.open(workspace(), never);
    expect(await again.run(["cat", "a"])).toMatchObject({ output: "a\n" });
  });
});

describe("what a failure really was", () => {
  const failed = new NexusError("git.failed", "git read-tree failed");
  const refused = new NexusError("sandbox.refused-path", "a path");
  const withCode = (code: string) => Object.assign(new Error(code), { code });
  const NONE = 0;
  const ALL = Number.MAX_SAFE_INTEGER;

  it.each([
    ["no space by the system's word", withCode("ENOSPC"), NONE],
    ["a quota by the system's word", withCode("EDQUOT"), NONE],
    ["a program that failed without room", failed, ALL],
  ])("is a full disk: %s", async (_name, failure, minFreeBytes) => {
    expect(await orDiskFull({ folder: tmpdir(), minFreeBytes }, failure)).toMatchObject({
      ...FULL,
      cause: failure,
    });
  });

  it.each([
    ["a program that failed with room enough", failed, NONE],
    ["a refusal without room", refused, ALL],
    ["what is no error of a disk", withCode("EACCES"), ALL],
    ["no error at all", "text", ALL],
  ])("is itself: %s", async (_name, failure, minFreeBytes) => {
    expect(await orDiskFull({ folder: tmpdir(), minFreeBytes }, failure)).toBe(failure);
  });

  it("is itself where the disk cannot be asked", async () => {
    const room = { folder: "/nonexistent/folder", minFreeBytes: ALL };

    expect(await orDiskFull(room, failed)).toBe(failed);
  });
});
