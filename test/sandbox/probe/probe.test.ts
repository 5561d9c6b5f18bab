import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Docker from "dockerode";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { newLabels } from "../../../sandbox/container/container.ts";
import { DEFAULT_LIMITS } from "../../../sandbox/container/limits.ts";
import { keepLayers } from "../../../sandbox/mirror/layers.ts";
import { sandboxUid } from "../../../sandbox/mirror/ownership.ts";
import { probeMirror } from "../../../sandbox/probe/probe.ts";
import type { Trial } from "../../../sandbox/probe/trial.ts";
import { noDocker } from "../test-sandbox.ts";

const IMAGE = "nexus-sandbox:latest";
const OWNER = "test-probe";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "nexus-probe-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function trialOn(docker: Docker): Trial {
  return {
    docker,
    layers: keepLayers(docker, { folder: join(folder, "layers"), image: IMAGE }),
    image: IMAGE,
    uid: sandboxUid(),
    limits: { ...DEFAULT_LIMITS, memoryMb: 512, cpus: 1 },
    labels: newLabels({ owner: OWNER, process: "0123456789abcdef", taskId: "probe" }),
  };
}

/** The real engine, but for what it refuses. */
function engineWithout(
  ...missing: ("overlay" | "folder" | "volumes" | "second container")[]
): Docker {
  const docker = new Docker();
  const createVolume = docker.createVolume.bind(docker);
  const createContainer = docker.createContainer.bind(docker);
  const refuse = (what: string) => Promise.reject(new Error(`no ${what} here`));
  return Object.assign(docker, {
    createVolume(options: Docker.VolumeCreateOptions) {
      const overlay = options.DriverOpts?.type === "overlay";
      if (missing.includes("volumes")) return refuse("volumes");
      return overlay && missing.includes("overlay") ? refuse("overlay") : createVolume(options);
    },
    createContainer(options: Docker.ContainerCreateOptions) {
      const bound = options.HostConfig?.Mounts?.some(({ Type }) => Type === "bind");
      const again = options.HostConfig?.Mounts?.some(({ Source }) => Source?.endsWith("-again"));
      if (again && missing.includes("second container")) return refuse("second container");
      return bound && missing.includes("folder") ? refuse("folder") : createContainer(options);
    },
  });
}

async function leftovers(): Promise<number> {
  const filters = { label: [`nexus.owner=${OWNER}`] };
  const containers = await new Docker().listContainers({ all: true, filters });
  const { Volumes } = await new Docker().listVolumes({ filters });
  return containers.length + (Volumes?.length ?? 0);
}

describe.skipIf(noDocker)("probeMirror", { timeout: 120_000 }, () => {
  it("takes overlays where they work, and leaves nothing of the trial", async () => {
    const { mirror, reason, findings } = await probeMirror(trialOn(new Docker()));

    expect({ mirror, reason }).toEqual({ mirror: "overlay", reason: undefined });
    const tried = findings.slice(-3).map(({ name, ok }) => [name, ok]);
    expect(tried).toEqual([
      ["overlay", true],
      ["whiteouts", true],
      ["second mount", true],
    ]);
    expect(await leftovers()).toBe(0);
    expect(await readdir(join(folder, "layers"))).toEqual([]);
  });

  it("takes only the kernel's own word for it that a layer in use is refused", async () => {
    const { mirror, findings } = await probeMirror(trialOn(engineWithout("second container")));

    expect(mirror).toBe("overlay");
    expect(findings.at(-1)).toMatchObject({ name: "second mount", ok: false });
    expect(await leftovers()).toBe(0);
  });

  it("takes copies where there are no overlays, and says why", async () => {
    const { mirror, reason } = await probeMirror(trialOn(engineWithout("overlay")));

    expect(mirror).toBe("copy");
    expect(reason).toContain("no overlay here");
    expect(await leftovers()).toBe(0);
  });

  it("takes uploads where the engine does not see the folder", async () => {
    const docker = engineWithout("overlay", "folder");

    const { mirror, reason, findings } = await probeMirror(trialOn(docker));

    expect(mirror).toBe("upload");
    expect(reason).toMatch(/^overlay: .*; copy: .*no folder here/);
    expect(findings.slice(-3).map(({ name, ok }) => [name, ok])).toEqual([
      ["overlay", false],
      ["folder", false],
      ["upload", true],
    ]);
    expect(await leftovers()).toBe(0);
  });

  it("fails with every reason where nothing works", async () => {
    const probing = probeMirror(trialOn(engineWithout("volumes", "folder")));

    await expect(probing).rejects.toMatchObject({
      code: "sandbox.unavailable",
      message: expect.stringMatching(/overlay: .*; copy: .*; upload: /),
    });
    expect(await readdir(join(folder, "layers"))).toEqual([]);
  });
});
