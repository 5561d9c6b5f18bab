import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import Docker from "dockerode";
import { NexusError } from "../src/core/errors.ts";
import type { Sandbox } from "../src/core/sandbox.ts";
import { newLabels } from "./container/container.ts";
import type { SandboxLimits } from "./container/limits.ts";
import { ask, statusOf } from "./engine/engine.ts";
import { keepPresence } from "./engine/presence.ts";
import { removeTask, sweepAway } from "./engine/sweep.ts";
import { keepFrozenFolders } from "./mirror/frozen-folders.ts";
import { keepLayers } from "./mirror/layers.ts";
import { sandboxUid } from "./mirror/ownership.ts";
import { once } from "./once.ts";
import { type Checkout, openContainer } from "./open-container.ts";
import { tryOverlay } from "./probe/probe.ts";

/** How the engine carries mirrors, and why not the better way. */
interface SandboxProbe {
  readonly mirror: "overlay" | "copy" | "upload";
  readonly reason: string | undefined;
}

export interface DockerSandboxOptions {
  /** How the engine is reached; undefined for its usual place. */
  readonly docker?: Docker.DockerOptions | undefined;
  readonly image: string;
  /** Nexus' own folder for trees and layers, seen by the engine under the same path. */
  readonly folder: string;
  /** Names this installation on its containers and volumes. */
  readonly owner: string;
  readonly checkout: Checkout;
  readonly limits: SandboxLimits;
  /** Images that repositories may name; `*` at an end stands for any. Absent: all. */
  readonly allowedImages?: readonly string[] | undefined;
  /** A runtime the engine knows, such as `runsc`; undefined for the engine's own. */
  readonly runtime?: string | undefined;
  /** Hosts that set-ups may reach, and those that runs may reach where the repository asks too. */
  readonly setUpHosts?: readonly string[] | undefined;
  readonly allowedHosts?: readonly string[] | undefined;
  /** What prepared environments may take of the disk. */
  readonly environmentBytes?: number | undefined;
  /** How many containers may wait, started ahead. */
  readonly slots?: number | undefined;
  /** How long a held session is kept. */
  readonly holdMs?: number | undefined;
  /** How long the installation of dependencies may take. */
  readonly setUpTimeoutMs: number;
  readonly npmRegistry?: string | undefined;
  /** File with the certificates by which this machine trusts its way out; the install trusts the same. */
  readonly certificates?: string | undefined;
  /** Leaves out the probe and takes this way. */
  readonly mirror?: SandboxProbe["mirror"] | undefined;
  /** How many trees of commits, and as many of dependencies, are kept beyond those in use. */
  readonly keptTrees?: number | undefined;
}

/** The sandbox with what its keeper needs beside the port. */
export interface DockerSandbox extends Sandbox {
  /** Digest of Nexus' own image. */
  image(): Promise<string>;
  /** Finds out once what the engine can do. Throws `sandbox.*` when nothing can be run at all. */
  probe(): Promise<SandboxProbe>;
  /** Removes what processes left that have ended; what nobody is known for too, but for the named tasks. */
  sweep(exceptTaskIds: readonly string[]): Promise<void>;
  /** Ends the containers of one task, whosever they are, and removes what they worked on; running commands fail. */
  killTask(taskId: string): Promise<void>;
}

// Each saves a checkout or an installation.
const KEPT_TREES = 20;

/** A sandbox of Docker containers, each over a copy-on-write mirror of one commit. */
export function createDockerSandbox(options: DockerSandboxOptions): DockerSandbox {
  const docker = new Docker(options.docker);
  const folder = resolve(options.folder);
  const layers = keepLayers(docker, { folder: join(folder, "layers"), image: options.image });
  const presence = keepPresence(join(folder, "processes"));
  const frozen = (kind: string) =>
    keepFrozenFolders(join(folder, kind), {
      keep: options.keptTrees ?? KEPT_TREES,
      pins: presence.pins(kind),
    });
  const bases = frozen("bases");
  const environments = frozen("environments");
  const inUse = new Set<string>();
  // The engine refuses more CPUs than there are.
  const cpus = Math.min(options.limits.cpus, availableParallelism());
  const limits = { ...options.limits, cpus };
  const site = {
    ...options,
    docker,
    limits,
    layers,
    bases,
    environments,
    inUse,
    presence,
    uid: sandboxUid(),
  };

  const image = () => imageId(docker, options.image);
  const probe = once(async (): Promise<SandboxProbe> => {
    if (options.mirror) return { mirror: options.mirror, reason: "configured" };
    const labels = newLabels({
      owner: options.owner,
      process: await presence.enter(),
      taskId: "probe",
    });
    const reason = await tryOverlay({ ...site, image: await image(), labels });
    return { mirror: reason === undefined ? "overlay" : "copy", reason };
  });

  return {
    image,
    probe,
    async open(workspace, signal) {
      const { mirror } = await probe();
      return await openContainer({ ...site, image: await image(), mirror }, workspace, signal);
    },
    warm: () => undefined,
    cool: async () => undefined,
    async sweep(exceptTaskIds) {
      await sweepAway(docker, site, exceptTaskIds);
      await bases.tidy();
      await environments.tidy();
    },
    killTask: (taskId) => removeTask(docker, site, taskId),
  };
}

async function imageId(docker: Docker, name: string): Promise<string> {
  try {
    const image = await ask("look for the sandbox image", () => docker.getImage(name).inspect());
    return image.Id;
  } catch (error) {
    if (!(error instanceof NexusError) || statusOf(error.cause) !== 404) throw error;
    throw new NexusError("sandbox.image-missing", `There is no image ${name}.`, {
      hint: "Build it with: sh docker/build-sandbox-image.sh",
      cause: error,
    });
  }
}
