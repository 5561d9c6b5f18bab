import { readdir } from "node:fs/promises";
import { join } from "node:path";
import Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listRecords } from "../../sandbox/session-record.ts";
import { until } from "../world/until.ts";
import { containersOf, leftovers } from "./engine-world.ts";
import { otherProcess } from "./other-process.ts";
import { type SmallRepository, smallRepository } from "./small-repository.ts";
import { noDocker, type TestSandbox, testSandbox } from "./test-sandbox.ts";

const never = new AbortController().signal;

describe.skipIf(noDocker)("a held session", () => {
  let repository: SmallRepository;
  beforeAll(async () => {
    repository = await smallRepository({ a: "a\n" });
  });
  afterAll(() => repository[Symbol.asyncDispose]());

  const openIn = ({ sandbox }: TestSandbox, taskId: string, signal = never) =>
    sandbox.open({ gitDir: repository.gitDir, commit: repository.commit, taskId }, signal);
  const holdIn = async (parts: TestSandbox, taskId: string) => {
    await using session = await openIn(parts, taskId);
    await session.run(["sh", "-c", "echo x > made"]);
    return await session.hold("a check is red");
  };

  it("stays paused with its mirror after it is closed, and tells where it is", async () => {
    await using parts = await testSandbox({ mirror: "overlay", holdMs: 3_600_000 });
    const before = Date.now();

    const heldUntil = await holdIn(parts, "t");
    await parts.sandbox.sweep([]);

    const [container] = await containersOf(parts.owner);
    const [record, ...others] = await listRecords(join(parts.folder, "layers"));
    expect(others).toEqual([]);
    expect(container?.Status).toContain("Paused");
    expect(record).toEqual({
      version: 1,
      state: "held",
      session: container?.Labels["nexus.session"],
      taskId: "t",
      gitDir: repository.gitDir,
      commit: repository.commit,
      image: await parts.sandbox.image(),
      containerId: container?.Id,
      volume: `nexus-${container?.Labels["nexus.session"]}`,
      user: expect.stringMatching(/^\d+:\d+$/),
      mirror: "overlay",
      tree: { folders: [join(parts.folder, "bases", repository.commit, "files")] },
      layers: [],
      env: expect.any(Object),
      openedAt: expect.any(String),
      why: "a check is red",
      heldUntil,
    });
    expect(Date.parse(heldUntil)).toBeGreaterThanOrEqual(before + 3_600_000);
    const layer = join(parts.folder, "layers", record?.session ?? "");
    expect(await readdir(join(layer, "upper"))).toEqual(["made"]);
  });

  it("keeps the frozen tree that it stands on, also when its process has gone", async () => {
    await using parts = await testSandbox({ keptTrees: 0 });
    await using other = await otherProcess({ ...parts, hold: true }, repository, ["held"]);
    await other.kill();

    await parts.sandbox.sweep([]);

    expect(await readdir(join(parts.folder, "bases"))).toEqual([repository.commit]);
    expect((await containersOf(parts.owner)).map(({ State }) => State)).toEqual(["paused"]);
    await parts.sandbox.release("held");
    await parts.sandbox.sweep([]);
    expect(await leftovers(parts.owner)).toBe(0);
    expect(await readdir(join(parts.folder, "bases"))).toEqual([]);
  });

  it("is swept when its time is over", async () => {
    await using parts = await testSandbox({ holdMs: 1 });
    await holdIn(parts, "t");

    await until(
      async () => {
        await parts.sandbox.sweep([]);
        return (await leftovers(parts.owner)) === 0;
      },
      { what: "the time to be over" },
    );

    expect(await readdir(join(parts.folder, "layers"))).toEqual([]);
  });

  it("is dropped by its task's release or end, and by no other's", async () => {
    await using parts = await testSandbox();
    await holdIn(parts, "t1");
    await holdIn(parts, "t2");

    await parts.sandbox.release("t3");
    expect(await containersOf(parts.owner)).toHaveLength(2);
    await parts.sandbox.release("t1");
    expect(await containersOf(parts.owner)).toHaveLength(1);
    await parts.sandbox.killTask("t2");

    expect(await leftovers(parts.owner)).toBe(0);
    expect(await readdir(join(parts.folder, "layers"))).toEqual([]);
  });

  it("goes when it is closed, if it was released before", async () => {
    await using parts = await testSandbox();
    const session = await openIn(parts, "t");
    await session.hold("first");

    await parts.sandbox.release("t");
    expect(await containersOf(parts.owner)).toHaveLength(1);
    await session[Symbol.asyncDispose]();

    expect(await leftovers(parts.owner)).toBe(0);
  });

  it("can be held after its changes were read, and outlives the end of its task", async () => {
    await using parts = await testSandbox();
    const stop = new AbortController();
    {
      await using session = await openIn(parts, "t", stop.signal);
      await session.run(["sh", "-c", "echo x > made"]);
      await session.changes();
      await session.hold("to look at it");
      stop.abort();
    }

    const [container] = await containersOf(parts.owner);
    expect(container?.Status).toContain("Paused");
  });

  it("is not paused to read its changes when nothing is left that could write", async () => {
    await using parts = await testSandbox();
    await using session = await openIn(parts, "t");
    await session.run(["sh", "-c", "echo x > made"]);

    const edits = await session.changes();

    const [found] = await containersOf(parts.owner);
    const { State } = await new Docker().getContainer(found?.Id ?? "").inspect();
    expect(edits.map(({ path }) => path)).toEqual(["made"]);
    expect([State.Running, State.Paused]).toEqual([true, false]);
  });
});
