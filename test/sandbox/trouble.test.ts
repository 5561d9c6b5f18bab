import Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { containersOf, killContainers, leftovers } from "./engine-world.ts";
import { type SmallRepository, smallRepository } from "./small-repository.ts";
import { noDocker, type TestSandbox, testSandbox } from "./test-sandbox.ts";

const never = new AbortController().signal;
const docker = new Docker();
const noBridge = noDocker === undefined && !(await hasBridge());
const KILLED = { code: "sandbox.killed", retryable: true };

async function hasBridge(): Promise<boolean> {
  return (await docker.listNetworks()).some(({ Name }) => Name === "bridge");
}

describe.skipIf(noDocker)("trouble with the engine", () => {
  let repository: SmallRepository;
  let parts: TestSandbox;
  beforeAll(async () => {
    repository = await smallRepository({ a: "a\n" });
    parts = await testSandbox();
  });
  afterAll(async () => {
    await parts[Symbol.asyncDispose]();
    await repository[Symbol.asyncDispose]();
  });

  const open = (at = parts) =>
    at.sandbox.open({ gitDir: repository.gitDir, commit: repository.commit, taskId: "t" }, never);

  it("tells a container that was killed while a command ran in it", async () => {
    await using session = await open();

    const running = session.run(["sh", "-c", "echo begun; sleep 600"], {
      onOutput: () => void killContainers(parts.owner),
    });

    await expect(running).rejects.toMatchObject(KILLED);
  });

  it("tells a container that was removed between two commands, and closes all the same", async () => {
    const session = await open();
    await session.run(["true"]);
    for (const { Id } of await containersOf(parts.owner))
      await docker.getContainer(Id).remove({ force: true });

    await expect(session.run(["true"])).rejects.toMatchObject(KILLED);
    await expect(session.readFile("/workspace/a", 10)).rejects.toMatchObject(KILLED);
    await session[Symbol.asyncDispose]();

    expect(await leftovers(parts.owner)).toBe(0);
  });

  it("reads the changes of a container that has ended: nothing can write to them any more", async () => {
    await using session = await open();
    await session.run(["sh", "-c", "echo x > made"]);
    await killContainers(parts.owner);

    const edits = await session.changes();

    expect(edits.map(({ path }) => path)).toEqual(["made"]);
  });

  it("says that there is no room before anything is made", async () => {
    const steps: string[] = [];
    await using full = await testSandbox({
      minFreeBytes: Number.MAX_SAFE_INTEGER,
      mirror: "overlay",
      onStep: (step) => steps.push(step),
    });

    await expect(open(full)).rejects.toMatchObject({
      code: "sandbox.disk-full",
      hint: expect.stringContaining(".nexus"),
    });

    expect(steps).toEqual([]);
    expect(await leftovers(full.owner)).toBe(0);
  });

  it.skipIf(noBridge)("closes a way out also where nobody can be told what it saw", async () => {
    const told: string[] = [];
    await using deaf = await testSandbox({
      allowedHosts: ["allowed.test"],
      onAttempts({ attempts }) {
        told.push(...attempts.map(({ host }) => host));
        throw new Error("the log is full");
      },
    });
    const environment = { network: ["allowed.test"] };
    const { gitDir, commit } = repository;
    {
      const workspace = { gitDir, commit, taskId: "t", environment };
      await using session = await deaf.sandbox.open(workspace, never);
      await session.run(["node", "-e", 'fetch("http://other.test/").catch(() => {})']);
    }

    expect(told).toEqual(["other.test"]);
    expect(await leftovers(deaf.owner)).toBe(0);
  });

  it("says that the image has gone", async () => {
    await using none = await testSandbox({ image: "nexus-no-such-image:none", mirror: "overlay" });

    await expect(open(none)).rejects.toMatchObject({ code: "sandbox.image-missing" });
    expect(await leftovers(none.owner)).toBe(0);
  });

  it("says that the engine does not know the runtime, and leaves nothing", async () => {
    await using strange = await testSandbox({ runtime: "no-such-runtime", mirror: "overlay" });

    await expect(open(strange)).rejects.toMatchObject({ code: "sandbox.unavailable" });
    expect(await leftovers(strange.owner)).toBe(0);
  });
});
