import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import Docker from "dockerode";
import { expect, it, vi } from "vitest";
import type { Egress } from "../../../sandbox/egress/egress.ts";
import { setUp } from "../../../sandbox/environment/set-up.ts";
import { noDocker } from "../test-sandbox.ts";
import { environmentWorld, inImage, noWayOut } from "./environment-world.ts";

vi.setConfig({ testTimeout: 180_000 });

const docker = new Docker();
const never = new AbortController().signal;
/** Known to no engine: a container under it fails. */
const OTHER = "none-such";
const apart = { runtime: OTHER, isApart: (runtime: string) => runtime === OTHER };

it.skipIf(noDocker)(
  "fetching runs under the engine's own runtime where the configured one has no way out, scripts under that",
  async () => {
    const runtimes: (string | undefined)[] = [];
    const egress: Egress = {
      async open(wish, signal) {
        const { HostConfig } = await docker.getContainer(wish.containerId).inspect();
        runtimes.push(HostConfig.Runtime);
        return await noWayOut().open(wish, signal);
      },
    };
    await using world = await environmentWorld({ ...apart, egress });
    const files = {
      "package.json": "{}",
      "package-lock.json": JSON.stringify({ lockfileVersion: 3, packages: { "": {} } }),
    };

    const environment = await world.environments.take(await world.need(files), never);

    expect(runtimes).toEqual(["runc"]);
    await environment.release();
  },
);

it.skipIf(noDocker)(
  "own commands run under a runtime without a way out, and have none",
  async () => {
    await using world = await environmentWorld({ runtime: "runc", isApart: () => true });
    const need = await world.need({}, { setup: ["echo kept >/opt/nexus/kept; echo made >made"] });

    const environment = await world.environments.take(need, never);

    expect(world.egress.asked).toEqual([]);
    expect(environment.pass("made")).toBe(true);
    await environment.release();
  },
);

it.skipIf(noDocker)("own commands that name hosts are refused under such a runtime", async () => {
  await using world = await environmentWorld(apart);
  const wish = { setup: ["true"], network: ["a.example.org"] };

  await expect(world.environments.take(await world.need({}, wish), never)).rejects.toMatchObject({
    code: "sandbox.not-allowed",
    message: `Set-up commands cannot reach hosts under the runtime ${OTHER}.`,
    hint: expect.stringContaining("SANDBOX_RUNTIME"),
  });
});

it.skipIf(noDocker)(
  "scripts go on, in another container, with what was fetched before",
  async () => {
    await using world = await environmentWorld();
    const { tree, labels } = await world.need({});
    const folder = join(world.folder, "set-up");
    await mkdir(folder);
    const egress = noWayOut();
    const stack = {
      stack: "any",
      program: "sh",
      files: new Map(),
      fetch: ["hostname >/opt/nexus/fetched; cp /opt/nexus/fetched ."],
      build: ["cmp fetched /opt/nexus/fetched; hostname >built"],
      env: {},
      path: [],
      layers: ["fetched", "built"],
    };
    const env = { PATH: "/usr/bin:/bin" };
    const plan = { key: "f".repeat(40), commands: undefined, source: undefined, stacks: [stack] };
    const { uid, limits } = world;

    const made = await setUp(
      {
        docker,
        image: "nexus-sandbox:latest",
        uid,
        limits,
        egress,
        setUpTimeoutMs: 120_000,
        runtime: "runc",
        isApart: () => true,
      },
      {
        plan: { ...plan, setUpEnv: {}, keepsTools: true, env },
        tree,
        image: "nexus-sandbox:latest",
        labels,
        hosts: ["a.example.org"],
        reaches: false,
        folder,
      },
      never,
    );

    const read = (name: string) => readFile(join(folder, "layer", name), "utf8");
    expect(egress.asked).toEqual([["a.example.org"]]);
    expect(await read("built")).not.toBe(await read("fetched"));
    expect(inImage(made.image ?? "", "cat /opt/nexus/fetched")).toBe(
      (await read("fetched")).trim(),
    );
  },
);
