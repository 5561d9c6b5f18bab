import { execFileSync } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  onTestFinished,
  vi,
} from "vitest";
import type { Workspace } from "../../../src/core/sandbox.ts";
import { state, world } from "../../jobs/processing-world.ts";
import { until } from "../../world/until.ts";
import { type SmallRepository, smallRepository } from "../small-repository.ts";
import { type TestSandbox, testSandbox } from "../test-sandbox.ts";
import { noPrivateEngine, type PrivateEngine, privateEngine } from "./private-engine.ts";

const never = new AbortController().signal;
const MINUTES = 60_000;
const DONE = { kind: "nothing-to-do", reason: "all is well" } as const;
const DOWN = { code: "sandbox.unavailable", retryable: true };

describe.skipIf(noPrivateEngine)("an engine of its own", () => {
  let engine: PrivateEngine;
  let repository: SmallRepository;
  let parts: TestSandbox;
  let workspace: Workspace;
  beforeAll(async () => {
    engine = await privateEngine();
    repository = await smallRepository({ a: "a\n" });
    const { gitDir, commit } = repository;
    workspace = { gitDir, commit, taskId: "t" };
  }, 5 * MINUTES);
  beforeEach(async () => {
    await engine.start();
    parts = await testSandbox({ docker: engine.at, mirror: "overlay" });
  });
  afterEach(() => parts[Symbol.asyncDispose]());
  afterAll(async () => {
    await repository[Symbol.asyncDispose]();
    await engine[Symbol.asyncDispose]();
  });

  const open = () => parts.sandbox.open(workspace, never);

  /** Runs a command, and once it runs does something to the engine. */
  const runAnd = async (work: () => Promise<void>) => {
    await using session = await open();
    const { promise: begun, resolve } = Promise.withResolvers<void>();
    const running = session.run(["sh", "-c", "echo begun; sleep 600"], {
      onOutput: () => resolve(),
    });
    await Promise.race([begun, running]);
    await work();
    return await running;
  };

  /** What is there beside the sandbox's image: in the engine, mounted, and of layers. */
  async function left() {
    const containers = await engine.docker.listContainers({ all: true });
    const { Volumes } = await engine.docker.listVolumes();
    const mounts = (await engine.mounts()).split("\n");
    return {
      containers: containers.length,
      volumes: Volumes?.length ?? 0,
      mounts: mounts.filter((line) => line.includes(parts.folder)).length,
      layers: (await readdir(join(parts.folder, "layers")).catch(() => [])).length,
    };
  }
  const NOTHING = { containers: 0, volumes: 0, mounts: 0, layers: 0 };

  /** A task that opens a session, runs what is given, and ends well where that does. */
  const taskThat = (work: () => Promise<unknown>) =>
    world({
      run: async () => {
        await work();
        return { outcome: DONE, state };
      },
      leaseMs: 10 * MINUTES,
      taskTimeoutMs: 10 * MINUTES,
    });
  const fine = async () => {
    await using session = await open();
    expect(await session.run(["cat", "a"])).toMatchObject({ exitCode: 0, output: "a\n" });
  };

  it("that is down makes a task wait, which is done once it is up again", async () => {
    await engine.crash();
    const task = await taskThat(fine);

    await task.process("t");
    expect(await task.found()).toMatchObject({ state: "waiting", crashes: 0 });
    expect(await task.events.latest("t", "interrupted")).toMatchObject({
      reason: expect.stringContaining("sandbox.unavailable: Docker could not"),
    });
    expect(await readdir(join(parts.folder, "layers"))).toEqual([]);
    await engine.start();
    task.pass(2_000);
    await task.process("t");

    expect(await task.found()).toMatchObject({ outcome: DONE });
    expect(await left()).toEqual(NOTHING);
  });

  it("that crashes while a command runs makes its task wait, and what it lost sight of is swept", async () => {
    const works = [() => runAnd(engine.crash), fine];
    const task = await taskThat(async () => works.shift()?.());

    await task.process("t");
    expect(await task.found()).toMatchObject({ state: "waiting", crashes: 0 });
    await engine.start();
    await parts.sandbox.sweep([]);
    expect(await left()).toEqual(NOTHING);
    task.pass(2_000);
    await task.process("t");

    expect(await task.found()).toMatchObject({ outcome: DONE });
    expect(await left()).toEqual(NOTHING);
  });

  it("that crashes and is up again in the middle of a command has killed it", async () => {
    const running = runAnd(async () => {
      await engine.crash();
      await engine.start();
    });

    await expect(running).rejects.toMatchObject({
      code: expect.stringMatching(/^sandbox\.(killed|unavailable)$/),
      retryable: true,
    });
    await parts.sandbox.sweep([]);
    expect(await left()).toEqual(NOTHING);
  });

  it.each([
    ["killed", (id: string) => engine.docker.getContainer(id).kill()],
    ["removed", (id: string) => engine.docker.getContainer(id).remove({ force: true })],
  ])(
    "whose container is %s from outside makes its task wait, and nothing is left",
    async (_name, end) => {
      const endAll = async () => {
        for (const { Id } of await engine.docker.listContainers()) await end(Id);
      };
      const works = [() => runAnd(endAll), fine];
      const task = await taskThat(async () => works.shift()?.());

      await task.process("t");
      expect(await task.events.latest("t", "interrupted")).toMatchObject({
        reason: expect.stringContaining("sandbox.killed"),
      });
      expect(await left()).toEqual(NOTHING);
      task.pass(2_000);
      await task.process("t");

      expect(await task.found()).toMatchObject({ outcome: DONE });
      expect(await left()).toEqual(NOTHING);
    },
  );

  it("that hangs lets nobody wait for ever: each call ends with a typed error, and later all is well", async () => {
    const asked = AbortSignal.timeout.bind(AbortSignal);
    const session = await open();
    // No answer can come: how long it is waited for only makes the test slow.
    const shorter = vi.spyOn(AbortSignal, "timeout").mockImplementation((ms) => asked(ms / 60));
    onTestFinished(() => shorter.mockRestore());
    await engine.hang();

    onTestFinished(() => engine.wake());
    const calls = await Promise.allSettled([
      open(),
      session.run(["true"]),
      session.readFile("/workspace/a", 10),
      parts.sandbox.sweep([]),
      parts.sandbox.killTask("other"),
      parts.sandbox.image(),
    ]);
    const late = await Promise.allSettled([session.changes()]);
    await session[Symbol.asyncDispose]();
    shorter.mockRestore();
    await engine.wake();

    for (const call of [...calls, ...late])
      expect(call).toMatchObject({ status: "rejected", reason: DOWN });
    await until(
      async () => {
        await parts.sandbox.sweep([]);
        return JSON.stringify(await left()) === JSON.stringify(NOTHING);
      },
      { what: "what the engine does late to be swept" },
    );
    await fine();
  });

  it("whose volumes are pruned before they are used makes them again, under the same labels", async () => {
    const prune = ["--host", `unix://${engine.at.socketPath}`, "volume", "prune", "--force"];
    const steps: string[] = [];
    await using pruned = await testSandbox({
      docker: engine.at,
      mirror: "overlay",
      onStep(step) {
        steps.push(step);
        if (step === "volume-made") execFileSync("docker", prune, { stdio: "pipe" });
      },
    });

    const session = await pruned.sandbox.open(workspace, never);
    const result = await session.run(["sh", "-c", "cat a; echo b > b"]);
    const edits = await session.changes();
    await session[Symbol.asyncDispose]();

    expect(steps).toContain("volume-made");
    expect(result).toMatchObject({ exitCode: 0, output: "a\n" });
    expect(edits).toMatchObject([{ kind: "write", path: "b" }]);
    expect(await left()).toEqual(NOTHING);
  });

  it("that loses its image says so, also while a session still uses it, which goes on", async () => {
    await using session = await open();
    const image = engine.docker.getImage("nexus-sandbox:latest");
    const { Id } = await image.inspect();
    await engine.docker.getImage(Id).tag({ repo: "kept", tag: "latest" });
    await image.remove({ force: true });

    const [opening, result] = await Promise.allSettled([open(), session.run(["cat", "a"])]);

    expect(opening).toMatchObject({ reason: { code: "sandbox.image-missing" } });
    expect(result).toMatchObject({ value: { exitCode: 0, output: "a\n" } });
    await engine.docker.getImage(Id).tag({ repo: "nexus-sandbox", tag: "latest" });
    await engine.docker.getImage("kept:latest").remove();
    await fine();
  });
});
