import { randomUUID } from "node:crypto";
import Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { traitsOf } from "../../../sandbox/container/image-traits.ts";
import { type SmallRepository, smallRepository } from "../small-repository.ts";
import { noDocker, type TestSandbox, testSandbox } from "../test-sandbox.ts";

const docker = new Docker();
const TAKEN = ["/workspace/inside", "/opt", "/opt/nexus", "/opt/nexus/bin", "/proc/1"];

/** An image over Nexus' own with these lines of a Dockerfile, made without running anything. */
async function imageWith(...changes: string[]): Promise<string> {
  const container = await docker.createContainer({ Image: "nexus-sandbox:latest" });
  const tag = `nexus-test:${randomUUID()}`;
  try {
    await container.commit({ repo: tag.split(":")[0], tag: tag.split(":")[1], changes });
  } finally {
    await container.remove();
  }
  return tag;
}

describe.skipIf(noDocker)("what an image brings along", () => {
  let repository: SmallRepository;
  let hostile: string;
  let covering: string;
  const greedy = new Map<string, string>();
  let parts: TestSandbox;
  beforeAll(async () => {
    repository = await smallRepository({ a: "a\n" });
    hostile = await imageWith(
      'ENTRYPOINT ["/bin/sh", "-c", "touch /tmp/ran; exec sleep infinity"]',
      "HEALTHCHECK --interval=1s CMD touch /tmp/checked",
      "USER root",
      "ENV LD_PRELOAD=/nowhere.so SECRET=given CI=false",
      "VOLUME /data",
    );
    covering = await imageWith("VOLUME /workspace /data");
    for (const place of TAKEN) greedy.set(place, await imageWith(`VOLUME ${place}`));
    parts = await testSandbox({ mirror: "overlay" });
  });
  afterAll(async () => {
    await parts[Symbol.asyncDispose]();
    await repository[Symbol.asyncDispose]();
    for (const image of [hostile, covering, ...greedy.values()])
      await docker.getImage(image).remove();
  });

  it("is known by names and places", async () => {
    const { variables, volumes } = await traitsOf(docker, hostile);

    expect(variables).toEqual(expect.arrayContaining(["LD_PRELOAD", "SECRET", "CI"]));
    expect(volumes).toEqual(["/data"]);
  });

  it("does not run, does not set and does not keep anything in the sandbox", async () => {
    const never = new AbortController().signal;
    const { gitDir, commit } = repository;
    const workspace = { gitDir, commit, taskId: "t", environment: { image: hostile } };
    await using session = await parts.sandbox.open(workspace, never);

    const seen = await session.run(["sh", "-c", "id -u; ls /tmp; env; cat a"]);
    const data = await session.run(["sh", "-c", "stat -f -c %T /data; echo x > /data/x; ls /data"]);

    expect(seen.output).toMatch(/^[1-9]\d*\n/);
    expect(seen.output).not.toMatch(/ran|checked|LD_PRELOAD|SECRET|CI=false/);
    expect(seen.output).toMatch(/^CI=true$/m);
    expect(seen.output).toMatch(/a\n$/);
    expect(data.output).toBe("tmpfs\nx\n");
  });

  it("does not hide the files of the commit", async () => {
    const never = new AbortController().signal;
    const { gitDir, commit } = repository;
    const workspace = { gitDir, commit, taskId: "t", environment: { image: covering } };
    await using session = await parts.sandbox.open(workspace, never);

    const seen = await session.run(["sh", "-c", "cat a; echo b > b"]);
    const edits = await session.changes();

    expect(seen).toMatchObject({ exitCode: 0, output: "a\n" });
    expect(edits.map(({ path }) => path)).toEqual(["b"]);
  });

  it.each(TAKEN)("is refused where it wants %s, which is Nexus' own", async (place) => {
    await expect(traitsOf(docker, greedy.get(place) ?? "")).rejects.toMatchObject({
      code: "sandbox.not-allowed",
    });
  });

  it("is not there where the image is not", async () => {
    await expect(traitsOf(docker, "nexus-no-such-image:none")).rejects.toMatchObject({
      code: "sandbox.image-missing",
    });
  });
});
