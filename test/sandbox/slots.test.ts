import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SandboxStep } from "../../sandbox/step.ts";
import type { Workspace } from "../../src/core/sandbox.ts";
import { until } from "../world/until.ts";
import { containersOf, killContainers, leftovers } from "./engine-world.ts";
import { otherProcess } from "./other-process.ts";
import { type SmallRepository, smallRepository } from "./small-repository.ts";
import { noDocker, type TestSandbox, testSandbox } from "./test-sandbox.ts";

const never = new AbortController().signal;

describe.skipIf(noDocker)("containers that are started ahead", () => {
  let repository: SmallRepository;
  beforeAll(async () => {
    repository = await smallRepository({ a: "a\n" });
  });
  afterAll(() => repository[Symbol.asyncDispose]());

  const of = (taskId: string): Workspace => {
    const { gitDir, commit } = repository;
    return { gitDir, commit, taskId };
  };
  const paused = async ({ owner }: TestSandbox, count: number) =>
    until(
      async () =>
        (await containersOf(owner)).filter(({ Status }) => Status.includes("Paused")).length ===
        count,
      { what: `${count} paused containers` },
    );

  it("wait paused, are used once and are gone with their session", async () => {
    const steps: SandboxStep[] = [];
    await using parts = await testSandbox({ slots: 1, onStep: (step) => steps.push(step) });
    parts.sandbox.warm(of("t"));
    await paused(parts, 1);
    const [ahead] = await containersOf(parts.owner);

    const first = await parts.sandbox.open(of("t"), never);
    const used = await containersOf(parts.owner);
    const result = await first.run(["cat", "a"]);
    await first[Symbol.asyncDispose]();

    expect(used.map(({ Id, State }) => [Id, State])).toEqual([[ahead?.Id, "running"]]);
    expect(result).toMatchObject({ exitCode: 0, output: "a\n" });
    expect(await leftovers(parts.owner)).toBe(0);
    expect(steps).toEqual([
      "base-ready",
      "environment-ready",
      "layer-made",
      "volume-made",
      "container-made",
      "container-started",
      "slot-paused",
      "command-started",
      "command-ended",
      "container-removed",
      "volume-removed",
      "layer-removed",
    ]);
  });

  it("are for one workspace only, and no more than the operator wants", async () => {
    await using parts = await testSandbox({ slots: 1 });
    parts.sandbox.warm(of("t"));
    parts.sandbox.warm(of("t"));
    await paused(parts, 1);

    await using other = await parts.sandbox.open(of("other"), never);
    await using wished = await parts.sandbox.open(
      { ...of("t"), environment: { setup: [] } },
      never,
    );

    await paused(parts, 1);
    expect(await containersOf(parts.owner)).toHaveLength(3);
    expect(await other.run(["cat", "a"])).toMatchObject({ output: "a\n" });
    expect(await wished.run(["cat", "a"])).toMatchObject({ output: "a\n" });
  });

  it("are waited for while they are made, and stay for others when the opener gives up", async () => {
    const { promise: gate, resolve: go } = Promise.withResolvers<void>();
    let checkouts = 0;
    await using parts = await testSandbox({
      slots: 1,
      async checkout() {
        checkouts += 1;
        await gate;
      },
    });
    parts.sandbox.warm(of("t"));
    const stop = new AbortController();
    const given = parts.sandbox.open(of("t"), stop.signal);
    stop.abort();
    await expect(given).rejects.toMatchObject({ code: "aborted" });

    const opening = parts.sandbox.open(of("t"), never);
    go();
    await using session = await opening;

    expect(await session.run(["echo", "fine"])).toMatchObject({ output: "fine\n" });
    expect(checkouts).toBe(1);
    expect(await containersOf(parts.owner)).toHaveLength(1);
  });

  it("are replaced when they have died", async () => {
    await using parts = await testSandbox({ slots: 1 });
    parts.sandbox.warm(of("t"));
    await paused(parts, 1);
    await killContainers(parts.owner);

    await using session = await parts.sandbox.open(of("t"), never);

    expect(await session.run(["cat", "a"])).toMatchObject({ output: "a\n" });
    expect(await leftovers(parts.owner)).toBe(2);
  });

  it("are given up with their task, in the making too, and with the sandbox", async () => {
    await using parts = await testSandbox({ slots: 3 });
    parts.sandbox.warm(of("t1"));
    await paused(parts, 1);
    parts.sandbox.warm(of("t1"));
    parts.sandbox.warm(of("t2"));

    await parts.sandbox.cool("t1");
    await paused(parts, 1);
    expect((await containersOf(parts.owner)).map(({ Labels }) => Labels["nexus.task"])).toEqual([
      "t2",
    ]);
    await parts.sandbox[Symbol.asyncDispose]();

    expect(await leftovers(parts.owner)).toBe(0);
  });

  it("are not swept while they wait, and end with their task", async () => {
    await using parts = await testSandbox({ slots: 1 });
    parts.sandbox.warm(of("t"));
    await paused(parts, 1);
    await parts.sandbox.sweep([]);
    await paused(parts, 1);
    await parts.sandbox.killTask("t");
    expect(await leftovers(parts.owner)).toBe(0);
  });

  it("are given up when nobody has wanted them for long", async () => {
    const steps: SandboxStep[] = [];
    await using parts = await testSandbox({
      slots: 1,
      slotIdleMs: 1,
      onStep: (step) => steps.push(step),
    });
    parts.sandbox.warm(of("t"));

    await until(() => steps.includes("slot-paused"), { what: "the slot to wait" });
    await until(() => steps.includes("layer-removed"), { what: "the slot to be gone" });

    expect(await leftovers(parts.owner)).toBe(0);
  });

  it("fail in silence, and make room for others", async () => {
    let checkouts = 0;
    await using parts = await testSandbox({
      slots: 1,
      async checkout() {
        checkouts += 1;
        if (checkouts < 3) throw new Error("disk trouble");
      },
    });
    parts.sandbox.warm(of("t"));

    await expect(parts.sandbox.open(of("t"), never)).rejects.toThrow("disk trouble");
    parts.sandbox.warm(of("t"));
    await paused(parts, 1);

    expect(checkouts).toBe(3);
  });

  it("are swept after their process was killed", async () => {
    await using parts = await testSandbox();
    await using dying = await otherProcess({ ...parts, slots: 1 }, repository, ["t1"]);
    await paused(parts, 1);

    await parts.sandbox.sweep([]);
    expect(await containersOf(parts.owner)).toHaveLength(2);
    await dying.kill();
    await parts.sandbox.sweep([]);

    expect(await leftovers(parts.owner)).toBe(0);
  });
});
