import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import Docker from "dockerode";
import type { Sandbox } from "../src/core/sandbox.ts";
import type { LogSink } from "./command/log-sink.ts";
import { newLabels } from "./container/container.ts";
import { inspectImage } from "./container/image-traits.ts";
import type { SandboxLimits } from "./container/limits.ts";
import { createEgress } from "./egress/create-egress.ts";
import { keepPresence } from "./engine/presence.ts";
import { releaseTask, removeTask, sweepAway } from "./engine/sweep.ts";
import { createEnvironments } from "./environment/create-environments.ts";
import { withHeld } from "./hold.ts";
import { type Checkout, createBaseTrees, type Deltas } from "./mirror/base-trees.ts";
import { keepLayers } from "./mirror/layers.ts";
import { sandboxUid } from "./mirror/ownership.ts";
import { once } from "./once.ts";
import { openContainer } from "./open-container.ts";
import { type MirrorProbe, probeMirror } from "./probe/probe.ts";
import { openSession } from "./session.ts";
import type { SessionAttempts, Site } from "./site.ts";
import { keepSlots } from "./slots.ts";
import type { OnStep } from "./step.ts";

/** How the engine carries mirrors, and why not the better way. */
interface SandboxProbe extends Pick<MirrorProbe, "mirror" | "reason"> {
  /** What was found out; absent where the way is configured. */
  readonly findings?: MirrorProbe["findings"];
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
  /** Absent: every commit is checked out. */
  readonly deltas?: Deltas | undefined;
  readonly limits: SandboxLimits;
  /** Images that repositories may name; `*` at an end stands for any. Absent: all. */
  readonly allowedImages?: readonly string[] | undefined;
  /** A runtime the engine knows, such as `runsc`; undefined for the engine's own. */
  readonly runtime?: string | undefined;
  /** Hosts that set-ups may reach, and those that runs may reach where the repository asks too. */
  readonly setUpHosts?: readonly string[] | undefined;
  readonly allowedHosts?: readonly string[] | undefined;
  /** After this time the walls of ways out are tried again before the next one is opened; absent: never. */
  readonly checkEveryMs?: number | undefined;
  /** What prepared environments may take of the disk. */
  readonly environmentBytes?: number | undefined;
  /** How many containers may wait, started ahead. */
  readonly slots?: number | undefined;
  /** How long one of them waits before it is given up. */
  readonly slotIdleMs?: number | undefined;
  /** How long a held session is kept. */
  readonly holdMs?: number | undefined;
  /** Nothing is opened where the disk of the folder has less than this left. */
  readonly minFreeBytes?: number | undefined;
  /** Is told of each step of each session as it is reached. */
  readonly onStep?: OnStep | undefined;
  /** Is told what a session's commands asked of the network, when its way out is closed. */
  readonly onAttempts?: ((seen: SessionAttempts) => void) | undefined;
  /** Takes the whole output of a task's command that writes more than is kept of it. */
  readonly openLog?: ((taskId: string) => LogSink) | undefined;
  /** Hears the cleaned output of a task's commands as it comes. */
  readonly onOutput?: ((taskId: string, text: string) => void) | undefined;
  /** How long the installation of dependencies may take. */
  readonly setUpTimeoutMs: number;
  readonly npmRegistry?: string | undefined;
  /** File with the certificates by which this machine trusts its way out; the install trusts the same. */
  readonly certificates?: string | undefined;
  /** Leaves out the probe and takes this way. */
  readonly mirror?: SandboxProbe["mirror"] | undefined;
  /** How many trees of commits are kept beyond those in use. */
  readonly keptTrees?: number | undefined;
}

/** The sandbox with what its keeper needs beside the port. */
export interface DockerSandbox extends Sandbox, AsyncDisposable {
  /** Digest of Nexus' own image. */
  image(): Promise<string>;
  /** Finds out once what the engine can do. Throws `sandbox.*` when nothing can be run at all. */
  probe(): Promise<SandboxProbe>;
  /**
   * Removes what processes left that have ended, and what was held long enough; what nobody is known for too,
   * but for the named tasks.
   */
  sweep(exceptTaskIds: readonly string[]): Promise<void>;
  /** Ends the containers of one task, whosever they are, and removes what they worked on; running commands fail. */
  killTask(taskId: string): Promise<void>;
}

// Each saves a checkout.
const KEPT_TREES = 20;
const ENVIRONMENT_BYTES = 20 * 1024 ** 3;
const SLOT_IDLE_MS = 600_000;
const HOLD_MS = 3_600_000;
const MIN_FREE_BYTES = 512 * 1024 ** 2;

/** A sandbox of Docker containers, each over a copy-on-write mirror of one commit. */
export function createDockerSandbox(options: DockerSandboxOptions): DockerSandbox {
  const docker = new Docker(options.docker);
  const place = placeOf(docker, { ...options, mirrorKind: async () => (await probe()).mirror });
  const image = async () => (await inspectImage(docker, options.image)).Id;
  const probe = once(async (): Promise<SandboxProbe> => {
    if (options.mirror) return { mirror: options.mirror, reason: "configured" };
    const process = await place.presence.enter();
    const labels = newLabels({ owner: options.owner, process, taskId: "probe" });
    return await probeMirror({ ...place, image: await image(), labels });
  });
  const site = async (): Promise<Site> => ({ ...place, mirror: (await probe()).mirror });
  const slots = keepSlots(site, {
    slots: options.slots ?? 0,
    idleMs: options.slotIdleMs ?? SLOT_IDLE_MS,
  });

  return {
    image,
    probe,
    async open(workspace, signal) {
      const here = await site();
      const opened =
        (await slots.take(workspace, signal)) ?? (await openContainer(here, workspace, signal));
      return openSession(here, opened, signal);
    },
    warm: slots.warm,
    cool: slots.giveUp,
    async sweep(exceptTaskIds) {
      // Each is tried, whatever becomes of the others.
      const parts = [
        () => sweepAway(docker, place, exceptTaskIds),
        place.bases.tidy,
        place.environments.tidy,
      ];
      const failures: unknown[] = [];
      for (const part of parts) await part().catch((error: unknown) => failures.push(error));
      if (failures.length > 0) throw failures[0];
    },
    async killTask(taskId) {
      await slots.giveUp(taskId);
      await releaseTask(docker, place, taskId);
      await removeTask(docker, place, taskId);
    },
    release: (taskId) => releaseTask(docker, place, taskId),
    [Symbol.asyncDispose]: () => slots.giveUp(),
  };
}

async function markCleaner({ owner, presence, inUse }: Pick<Site, "owner" | "presence" | "inUse">) {
  const labels = newLabels({ owner, process: await presence.enter(), taskId: "cleaning" });
  const session = labels["nexus.session"];
  // Our own sweep may come by meanwhile.
  inUse.add(session);
  return { labels, release: () => void inUse.delete(session) };
}

interface PlaceOptions extends DockerSandboxOptions {
  readonly mirrorKind: () => Promise<SandboxProbe["mirror"]>;
}

/** Everything that opening needs but how mirrors are made, which the engine has to be asked for. */
function placeOf(docker: Docker, options: PlaceOptions): Omit<Site, "mirror"> {
  const folder = resolve(options.folder);
  const layersFolder = join(folder, "layers");
  const presence = keepPresence(join(folder, "processes"));
  const uid = sandboxUid();
  const kept = (name: string) => {
    const kind = join(folder, name);
    return { root: kind, pins: withHeld(presence.pins(name), { layersFolder, kind }) };
  };
  // The engine refuses more CPUs than there are.
  const cpus = Math.min(options.limits.cpus, availableParallelism());
  const limits = { ...options.limits, cpus };
  const { npmRegistry: registry, checkEveryMs, minFreeBytes = MIN_FREE_BYTES } = options;
  const inUse = new Set<string>();
  const egress = createEgress({ docker, registry, checkEveryMs });
  return {
    ...ownSettings(options),
    docker,
    uid,
    limits,
    layersFolder,
    layers: keepLayers(docker, {
      folder: layersFolder,
      image: options.image,
      mark: () => markCleaner({ owner: options.owner, presence, inUse }),
    }),
    bases: createBaseTrees({
      ...options,
      ...kept("bases"),
      keep: options.keptTrees ?? KEPT_TREES,
      minFreeBytes,
      uid,
    }),
    egress,
    environments: createEnvironments({
      ...options,
      ...kept("environments"),
      docker,
      egress,
      limits,
      uid,
      inUse,
      setUpHosts: options.setUpHosts ?? [],
      allowedHosts: options.allowedHosts ?? [],
      budgetBytes: options.environmentBytes ?? ENVIRONMENT_BYTES,
    }),
    presence,
    inUse,
    toHold: new Set(),
    minFreeBytes,
  };
}

/** What a site takes from the options as it is, or by its default. */
function ownSettings(options: DockerSandboxOptions) {
  const { runtime, image, openLog, onOutput, owner } = options;
  const { holdMs = HOLD_MS, onStep = () => undefined, onAttempts = () => undefined } = options;
  return { runtime, image, openLog, onOutput, owner, holdMs, onStep, onAttempts };
}
