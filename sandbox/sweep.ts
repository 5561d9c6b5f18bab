import type Docker from "dockerode";
import { ask, askToRemove } from "./engine.ts";
import type { Layers } from "./layers.ts";

/** Whose things may be swept away. */
export interface Sweeping {
  readonly owner: string;
  readonly layers: Layers;
  /** Sessions of this process that are still in use. */
  readonly inUse: ReadonlySet<string>;
}

/**
 * Removes containers, volumes and layers that an earlier process of this installation left behind, but for
 * those of the named tasks. Things of other installations bear another label and are not touched.
 */
export async function sweepAway(
  docker: Docker,
  sweeping: Sweeping,
  exceptTaskIds: readonly string[],
): Promise<void> {
  const kept = new Set(sweeping.inUse);
  const leftovers = async (
    labels: Record<string, string> | undefined,
    remove: () => Promise<void>,
  ) => {
    const session = labels?.["nexus.session"] ?? "";
    if (exceptTaskIds.includes(labels?.["nexus.task"] ?? "")) kept.add(session);
    if (!kept.has(session)) await remove();
  };

  for (const { Id, Labels } of await containersOf(docker, `nexus.owner=${sweeping.owner}`)) {
    await leftovers(Labels, () => removeContainer(docker, Id));
  }
  const { Volumes } = await ask("list volumes", (abortSignal) =>
    docker.listVolumes({ filters: { label: [`nexus.owner=${sweeping.owner}`] }, abortSignal }),
  );
  for (const { Name, Labels } of Volumes ?? []) {
    const volume = docker.getVolume(Name);
    await leftovers(Labels, () => askToRemove("remove a volume", () => volume.remove()));
  }
  for (const session of await sweeping.layers.sessions()) {
    if (!kept.has(session)) await sweeping.layers.remove(session);
  }
}

/** Removes the containers of one task at once, whatever they do. */
export async function killContainersOf(
  docker: Docker,
  owner: string,
  taskId: string,
): Promise<void> {
  const containers = await containersOf(docker, `nexus.task=${taskId}`);
  const own = containers.filter(({ Labels }) => Labels["nexus.owner"] === owner);
  await Promise.all(own.map(({ Id }) => removeContainer(docker, Id)));
}

async function containersOf(docker: Docker, label: string): Promise<Docker.ContainerInfo[]> {
  return await ask("list containers", (abortSignal) =>
    docker.listContainers({ all: true, filters: { label: [label] }, abortSignal }),
  );
}

async function removeContainer(docker: Docker, id: string): Promise<void> {
  const container = docker.getContainer(id);
  await askToRemove("remove a container", () => container.remove({ force: true, v: true }));
}
