import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import Docker from "dockerode";
import { newLabels } from "../../../sandbox/container/container.ts";
import { DEFAULT_LIMITS } from "../../../sandbox/container/limits.ts";
import type { Attempt, Egress } from "../../../sandbox/egress/egress.ts";
import { keepPresence } from "../../../sandbox/engine/presence.ts";
import {
  createEnvironments,
  type EnvironmentSite,
} from "../../../sandbox/environment/create-environments.ts";
import type { EnvironmentNeed } from "../../../sandbox/environment/environment.ts";
import { sandboxUid } from "../../../sandbox/mirror/ownership.ts";
import type { EnvironmentWish } from "../../../src/core/sandbox.ts";

const docker = new Docker();

/** A network for set-ups that need none: nothing is reached, and these were asked for. */
export function noWayOut(
  attempts: readonly Attempt[] = [],
): Egress & { readonly asked: string[][] } {
  const asked: string[][] = [];
  return {
    asked,
    async open({ hosts }) {
      asked.push([...hosts]);
      return {
        env: {},
        attempts: async () => attempts,
        [Symbol.asyncDispose]: async () => undefined,
      };
    },
  };
}

type Options = Partial<EnvironmentSite> & { readonly folder?: string };

/** Environments with a folder and an owner of their own; disposing leaves nothing behind. */
export async function environmentWorld(options: Options = {}) {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), "nexus-environments-")));
  const owner = options.owner ?? `test-${randomUUID()}`;
  const presence = keepPresence(join(folder, "processes"));
  const egress = noWayOut();
  const uid = sandboxUid();
  const limits = { ...DEFAULT_LIMITS, memoryMb: 1024, cpus: 1 };
  const inUse = new Set<string>();
  const environments = createEnvironments({
    docker,
    image: "nexus-sandbox:latest",
    uid,
    limits,
    egress,
    setUpTimeoutMs: 280_000,
    root: join(folder, "environments"),
    pins: presence.pins("environments"),
    owner,
    inUse,
    setUpHosts: ["registry.npmjs.org"],
    allowedHosts: ["*.example.org"],
    budgetBytes: 10 * 1024 ** 3,
    ...options,
  });
  const process = await presence.enter();
  const containers = () =>
    docker.listContainers({ all: true, filters: { label: [`nexus.owner=${owner}`] } });

  return {
    environments,
    folder,
    owner,
    egress,
    presence,
    inUse,
    limits,
    uid,
    /** The containers of set-ups that are there now. */
    containers,
    /** A commit with these files, and what its default branch says. */
    async need(
      files: Readonly<Record<string, string>>,
      wish?: EnvironmentWish,
    ): Promise<EnvironmentNeed> {
      const tree = join(folder, "trees", randomUUID());
      await mkdir(tree, { recursive: true });
      for (const [path, text] of Object.entries(files)) {
        await mkdir(dirname(join(tree, path)), { recursive: true });
        await writeFile(join(tree, path), text);
      }
      const labels = newLabels({ owner, process, taskId: "t" });
      return { tree: { folders: [tree] }, wish, labels };
    },
    /** The images that were made here. */
    images: () => docker.listImages({ filters: { label: [`nexus.environment.owner=${owner}`] } }),
    async [Symbol.asyncDispose]() {
      // What begins by itself after each use.
      await environments.tidy();
      // Whoever lent the folder cleans it.
      if (options.folder !== undefined) return;
      for (const { Id } of await containers())
        await docker.getContainer(Id).remove({ force: true, v: true });
      const label = [`nexus.environment.owner=${owner}`];
      for (const { Id } of await docker.listImages({ filters: { label } }))
        await docker.getImage(Id).remove({ force: true });
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What a shell prints in a container of an image, with these variables. */
export function inImage(
  image: string,
  script: string,
  env: Readonly<Record<string, string>> = {},
): string {
  const variables = Object.entries(env).flatMap(([name, value]) => ["-e", `${name}=${value}`]);
  const walls = ["--rm", "--network=none", "--user=10001:10001", "--entrypoint="];
  return execFileSync("docker", ["run", ...walls, ...variables, image, "sh", "-c", script], {
    encoding: "utf8",
  }).trim();
}
