import type Docker from "dockerode";
import type { Layers } from "../mirror/layers.ts";
import { processOf } from "../session-name.ts";
import { ask, askToRemove } from "./engine.ts";
import type { Presence } from "./presence.ts";

/** Whose things may be swept away. */
export interface Sweeping {
  readonly owner: string;
  readonly layers: Layers;
  /** Sessions of this process that are still in use. */
  readonly inUse: ReadonlySet<string>;
  readonly presence: Presence;
}

/**
 * Removes containers, volumes and layers of this installation that no living process uses. Where nothing is
 * known of the process, those of the named tasks stay. Things of other installations bear another label and
 * are not touched.
 */
export async function sweepAway(
  docker: Docker,
  sweeping: Sweeping,
  exceptTaskIds: readonly string[],
): Promise<void> {
  const { layers, owner, presence } = sweeping;
  const kept = new Set<string>();
  const mayGo = await judge(sweeping);
  const isLeft = async ({ session, task }: Found) => {
    if (!(await mayGo(session, exceptTaskIds.includes(task)))) kept.add(session);
    return !kept.has(session);
  };

  const found = await findThings(docker, [`nexus.owner=${owner}`]);
  for (const thing of [...found.containers, ...found.volumes])
    if (await isLeft(thing)) await thing.remove();
  for (const session of await layers.sessions())
    if (await isLeft({ session, task: "" })) await layers.remove(session);
  await presence.forgetGone();
}

/**
 * Removes the containers of one task at once, whatever they do, with their volumes and layers. Of a session
 * that this process has open the rest goes when it is closed.
 */
export async function removeTask(
  docker: Docker,
  { owner, layers, inUse }: Omit<Sweeping, "presence">,
  taskId: string,
): Promise<void> {
  const { containers, volumes } = await findThings(docker, [
    `nexus.owner=${owner}`,
    `nexus.task=${taskId}`,
  ]);
  await Promise.all(containers.map(({ remove }) => remove()));
  for (const { session, remove } of volumes) if (!inUse.has(session)) await remove();
  const sessions = new Set([...containers, ...volumes].map(({ session }) => session));
  for (const session of sessions)
    if (session !== "" && !inUse.has(session)) await layers.remove(session);
}

/** Tells whether what belongs to a session may go; `spared` has a say where nothing is known of its process. */
async function judge({ inUse, presence }: Sweeping) {
  const own = await presence.enter();
  return async (session: string, spared: boolean): Promise<boolean> => {
    if (inUse.has(session)) return false;
    const process = processOf(session);
    if (process === own) return true;
    const life = process === undefined ? "unknown" : await presence.lifeOf(process);
    return life === "unknown" ? !spared : life === "gone";
  };
}

interface Found {
  readonly session: string;
  readonly task: string;
}

interface Thing extends Found {
  readonly remove: () => Promise<void>;
}

type Labels = Readonly<Record<string, string>> | undefined;

async function findThings(docker: Docker, label: string[]) {
  const containers = await ask("list containers", (abortSignal) =>
    docker.listContainers({ all: true, filters: { label }, abortSignal }),
  );
  const { Volumes } = await ask("list volumes", (abortSignal) =>
    docker.listVolumes({ filters: { label }, abortSignal }),
  );
  return {
    containers: containers.map(({ Id, Labels }) =>
      thing(Labels, () => removeContainer(docker, Id)),
    ),
    volumes: (Volumes ?? []).map(({ Name, Labels }) =>
      thing(Labels, () => askToRemove("remove a volume", () => docker.getVolume(Name).remove())),
    ),
  };
}

function thing(labels: Labels, remove: () => Promise<void>): Thing {
  return { session: labels?.["nexus.session"] ?? "", task: labels?.["nexus.task"] ?? "", remove };
}

async function removeContainer(docker: Docker, id: string): Promise<void> {
  const container = docker.getContainer(id);
  await askToRemove("remove a container", () => container.remove({ force: true, v: true }));
}
