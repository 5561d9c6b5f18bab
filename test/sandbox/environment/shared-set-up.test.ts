import { join } from "node:path";
import Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { sweepAway } from "../../../sandbox/engine/sweep.ts";
import { keepLayers } from "../../../sandbox/mirror/layers.ts";
import { noDocker } from "../test-sandbox.ts";
import { environmentWorld, inImage } from "./environment-world.ts";

vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });

const never = new AbortController().signal;
const docker = new Docker();
const UUID = "cat /proc/sys/kernel/random/uuid";

describe.skipIf(noDocker)("an environment that several want", () => {
  let world: Awaited<ReturnType<typeof environmentWorld>>;
  beforeAll(async () => {
    world = await environmentWorld();
  });
  afterAll(() => world[Symbol.asyncDispose]());

  it("is given up with the last who wants it, and leaves nothing", async () => {
    const need = await world.need({}, { setup: ["sleep 600"] });
    const stop = new AbortController();
    const asked = world.egress.asked.length;

    const taking = world.environments.take(need, stop.signal);
    const settled = expect(taking).rejects.toMatchObject({ code: "aborted" });
    await vi.waitUntil(() => world.egress.asked.length > asked, { timeout: 60_000 });
    stop.abort();
    await settled;

    await vi.waitUntil(async () => (await world.containers()).length === 0, { timeout: 60_000 });
    await vi.waitUntil(() => world.inUse.size === 0, { timeout: 60_000 });
  });

  it("that others wait for outlives who asked for it first, and a sweep", async () => {
    const need = await world.need(
      {},
      { setup: ["until test -e go; do sleep 0.2; done; touch made"] },
    );
    const stop = new AbortController();
    const asked = world.egress.asked.length;
    const first = world.environments.take(need, stop.signal);
    const left = expect(first).rejects.toMatchObject({ code: "aborted" });
    const second = world.environments.take(need, never);
    await vi.waitUntil(() => world.egress.asked.length > asked, { timeout: 60_000 });

    stop.abort();
    await left;
    await sweepAway(
      docker,
      {
        owner: world.owner,
        presence: world.presence,
        inUse: world.inUse,
        layersFolder: join(world.folder, "layers"),
        layers: keepLayers(docker, { folder: join(world.folder, "layers"), image: "none" }),
      },
      [],
    );

    const [container] = await world.containers();
    expect(world.inUse).toContain(container?.Labels["nexus.session"]);
    const user = `${world.uid}:${world.uid}`;
    const go = await docker
      .getContainer(container?.Id ?? "")
      .exec({ Cmd: ["touch", "/workspace/go"], User: user });
    await go.start({ Detach: true });
    const environment = await second;
    expect(environment.pass("made")).toBe(true);
    await environment.release();
  });

  it("may be made later where somebody ended its container", async () => {
    const need = await world.need({}, { setup: ["sleep 600"] });
    const asked = world.egress.asked.length;

    const taking = world.environments.take(need, never);
    const settled = expect(taking).rejects.toMatchObject({ retryable: true });
    await vi.waitUntil(() => world.egress.asked.length > asked, { timeout: 60_000 });
    const [container] = await world.containers();
    await docker.getContainer(container?.Id ?? "").kill();

    await settled;
  });

  it("is made anew where somebody removed its image", async () => {
    const need = await world.need({}, { setup: [`${UUID} >/opt/nexus/made`] });
    const before = await world.environments.take(need, never);
    await before.release();
    await docker.getImage(before.image).remove({ force: true });

    const after = await world.environments.take(need, never);

    expect(after.image).not.toBe(before.image);
    expect(inImage(after.image, "cat /opt/nexus/made")).toMatch(/-/);
    await after.release();
  });
});
