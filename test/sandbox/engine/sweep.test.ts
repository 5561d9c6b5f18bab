import { randomUUID } from "node:crypto";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import Docker from "dockerode";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { leftovers } from "../engine-world.ts";
import { noDocker, type TestSandbox, testSandbox } from "../test-sandbox.ts";

const docker = new Docker();

describe.skipIf(noDocker)("a sweep", () => {
  let parts: TestSandbox;
  beforeEach(async () => {
    parts = await testSandbox({ mirror: "overlay" });
  });
  afterEach(() => parts[Symbol.asyncDispose]());

  /** A session of a process that nobody knows of: a volume, and a layer. */
  async function leftSession(): Promise<string> {
    const session = `0123456789abcdef-${randomUUID()}`;
    await mkdir(join(parts.folder, "layers", session), { recursive: true });
    const Labels = { "nexus.owner": parts.owner, "nexus.task": "t", "nexus.session": session };
    await docker.createVolume({ Name: `nexus-${session}`, Labels });
    return session;
  }

  it("removes the rest where something is in use, tells of it, and comes back to it", async () => {
    const [stuck, ...others] = [await leftSession(), await leftSession(), await leftSession()];
    const user = await docker.createContainer({
      Image: "nexus-sandbox:latest",
      Labels: { "nexus.owner": `test-stranger-${parts.owner}` },
      HostConfig: { NetworkMode: "none", Binds: [`nexus-${stuck}:/data`] },
    });

    const first = await Promise.allSettled([parts.sandbox.sweep([])]);
    const layers = await readdir(join(parts.folder, "layers"));
    const left = await leftovers(parts.owner);
    await user.remove({ force: true });
    await parts.sandbox.sweep([]);

    expect(others).toHaveLength(2);
    expect(first).toMatchObject([{ reason: { code: "sandbox.unavailable", retryable: true } }]);
    expect(layers).toEqual([stuck]);
    expect(left).toBe(1);
    expect(await leftovers(parts.owner)).toBe(0);
    expect(await readdir(join(parts.folder, "layers"))).toEqual([]);
  });

  it("may be made by several at once", async () => {
    await Promise.all([leftSession(), leftSession(), leftSession()]);
    const successors = await Promise.all(
      [1, 2, 3].map(() =>
        testSandbox({ folder: parts.folder, owner: parts.owner, mirror: "overlay" }),
      ),
    );

    await Promise.all(successors.map(({ sandbox }) => sandbox.sweep([])));

    expect(await leftovers(parts.owner)).toBe(0);
    expect(await readdir(join(parts.folder, "layers"))).toEqual([]);
  });
});
