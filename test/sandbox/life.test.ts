import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { DEFAULT_LIMITS } from "../../sandbox/container/limits.ts";
import { until } from "../world/until.ts";
import { leftovers } from "./engine-world.ts";
import { otherProcess } from "./other-process.ts";
import { smallRepository } from "./small-repository.ts";
import { noDocker, testSandbox } from "./test-sandbox.ts";

const never = new AbortController().signal;

describe.skipIf(noDocker)("the life of a Docker sandbox", () => {
  it("leaves nothing behind when a session is closed", async () => {
    await using parts = await testSandbox();
    await using repository = await smallRepository({ a: "a\n" });

    const session = await parts.sandbox.open({ ...repository, taskId: "t1" }, never);
    await session.run(["sh", "-c", "echo x > x"]);
    expect(await leftovers(parts.owner)).toBe(2);
    await session[Symbol.asyncDispose]();

    expect(await leftovers(parts.owner)).toBe(0);
    expect(await readdir(join(parts.folder, "layers"))).toEqual([]);
  });

  it("leaves nothing behind when opening fails", async () => {
    await using parts = await testSandbox({
      limits: { ...DEFAULT_LIMITS, memoryMb: 1 },
      mirror: "overlay",
    });
    await using repository = await smallRepository({ a: "a\n" });

    const opening = parts.sandbox.open({ ...repository, taskId: "t1" }, never);

    await expect(opening).rejects.toMatchObject({ code: "sandbox.unavailable" });
    expect(await leftovers(parts.owner)).toBe(0);
    expect(await readdir(join(parts.folder, "layers"))).toEqual([]);
  });

  it("sweeps what a killed process left, whatever its tasks, but not what a living one uses", async () => {
    await using parts = await testSandbox();
    await using repository = await smallRepository({ a: "a\n" });
    await using dying = await otherProcess(parts, repository, ["t1", "t2"]);
    await using living = await otherProcess(parts, repository, ["t3"]);
    await using session = await parts.sandbox.open({ ...repository, taskId: "t4" }, never);

    await parts.sandbox.sweep([]);
    expect(await leftovers(parts.owner)).toBe(8);
    await dying.kill();
    await parts.sandbox.sweep(["t1"]);

    expect(await leftovers(parts.owner)).toBe(4);
    expect(await readdir(join(parts.folder, "layers"))).toHaveLength(2);
    expect(await readdir(join(parts.folder, "processes"))).toHaveLength(2);
    expect(await session.run(["cat", "a"])).toMatchObject({ output: "a\n" });
    await living.kill();
  });

  it("sweeps what nobody is known for, but for the named tasks", async () => {
    await using parts = await testSandbox();
    await using repository = await smallRepository({ a: "a\n" });
    await using unknown = await otherProcess(parts, repository, ["dead", "living"]);
    await unknown.kill();
    await rm(join(parts.folder, "processes"), { recursive: true });
    await mkdir(join(parts.folder, "layers", "half-made"));

    await parts.sandbox.sweep(["living"]);
    expect(await leftovers(parts.owner)).toBe(2);
    expect(await readdir(join(parts.folder, "layers"))).toHaveLength(1);
    await parts.sandbox.sweep([]);

    expect(await leftovers(parts.owner)).toBe(0);
    expect(await readdir(join(parts.folder, "layers"))).toEqual([]);
  });

  it("ends a task of a killed process with all that it left, and no other", async () => {
    await using parts = await testSandbox();
    await using repository = await smallRepository({ a: "a\n" });
    await using dead = await otherProcess(parts, repository, ["t1", "t2"]);
    await using _own = await parts.sandbox.open({ ...repository, taskId: "t1" }, never);
    await dead.kill();

    await parts.sandbox.killTask("t1");

    // Both of t2, and of its own session of t1 the volume, which goes when the session is closed.
    expect(await leftovers(parts.owner)).toBe(3);
    expect(await readdir(join(parts.folder, "layers"))).toHaveLength(2);
  });

  it("keeps no more trees of commits than it should while it lives", async () => {
    await using parts = await testSandbox({ keptTrees: 1 });
    await using first = await smallRepository({ a: "a\n" });
    await using second = await smallRepository({ b: "b\n" });
    const bases = join(parts.folder, "bases");
    const used = await parts.sandbox.open({ ...first, taskId: "t1" }, never);

    const session = await parts.sandbox.open({ ...second, taskId: "t1" }, never);
    await session[Symbol.asyncDispose]();
    expect(await used.run(["cat", "a"])).toMatchObject({ output: "a\n" });
    await used[Symbol.asyncDispose]();

    await until(async () => (await readdir(bases)).join() === second.commit, {
      what: "the older tree to be removed",
    });
  });

  it("does not touch what another installation made", async () => {
    await using mine = await testSandbox();
    await using others = await testSandbox();
    await using repository = await smallRepository({ a: "a\n" });
    await using session = await others.sandbox.open({ ...repository, taskId: "t1" }, never);

    await mine.sandbox.sweep([]);
    await mine.sandbox.killTask("t1");

    expect(await session.run(["echo", "fine"])).toMatchObject({ output: "fine\n" });
  });

  it("makes a commit's tree once, also for openers at the same time, and again if that failed", async () => {
    let checkouts = 0;
    await using parts = await testSandbox({
      async checkout({ folder }) {
        checkouts += 1;
        if (checkouts === 1) throw new Error("disk trouble");
        await mkdir(join(folder, "made"));
      },
    });
    const workspace = { gitDir: "/none", commit: "a".repeat(40), taskId: "t1" };
    await expect(parts.sandbox.open(workspace, never)).rejects.toThrow("disk trouble");

    const sessions = await Promise.all([1, 2, 3].map(() => parts.sandbox.open(workspace, never)));
    await Promise.all(sessions.map((session) => session[Symbol.asyncDispose]()));

    expect(checkouts).toBe(2);
    expect(await readdir(join(parts.folder, "bases"))).toEqual(["a".repeat(40)]);
  });

  it("finds out what the engine can do, and leaves nothing of the trial", async () => {
    await using parts = await testSandbox();

    const probe = await parts.sandbox.probe();

    expect(["overlay", "copy"]).toContain(probe.mirror);
    expect(probe.mirror === "overlay").toBe(probe.reason === undefined);
    expect(await leftovers(parts.owner)).toBe(0);
    expect(await readdir(join(parts.folder, "layers"))).toEqual([]);
  });

  it("says that the image is missing and how to get it", async () => {
    await using parts = await testSandbox({ image: "nexus-no-such-image:none" });

    await expect(parts.sandbox.image()).rejects.toMatchObject({
      code: "sandbox.image-missing",
      hint: expect.stringContaining("build-sandbox-image.sh"),
    });
  });

  it("says that the daemon does not answer", async () => {
    const parts = await testSandbox({ docker: { socketPath: "/nonexistent/docker.sock" } });

    await expect(parts.sandbox.image()).rejects.toMatchObject({
      code: "sandbox.unavailable",
      retryable: true,
    });
  });
});
