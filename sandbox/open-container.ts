import { mkdir } from "node:fs/promises";
import type Docker from "dockerode";
import { NexusError } from "../src/core/errors.ts";
import type { Workspace } from "../src/core/sandbox.ts";
import type { FrozenTree } from "./changes/frozen-tree.ts";
import type { Passed } from "./changes/walk.ts";
import { containerOptions, type Labels, newLabels } from "./container/container.ts";
import { imageMissing, isGone, traitsOf } from "./container/image-traits.ts";
import { removeContainer } from "./container/removal.ts";
import { countTasks, type TaskCount } from "./container/tasks.ts";
import type { WayOut } from "./egress/egress.ts";
import { diskFull, hasRoom, orDiskFull, type Room } from "./engine/disk-full.ts";
import { ask, askUntilGone } from "./engine/engine.ts";
import type { Environment, SourceTree } from "./environment/environment.ts";
import { makeMirror } from "./make-mirror.ts";
import type { Mirror } from "./mirror/mirror.ts";
import { type SessionRecord, writeRecord } from "./session-record.ts";
import type { Site } from "./site.ts";
import { createUndo, type Undo } from "./undo.ts";

/** A started container over a mirror of its own, in nobody's hands yet. */
export interface Opened {
  readonly workspace: Workspace;
  readonly container: Docker.Container;
  readonly tasks: TaskCount;
  readonly mirror: Mirror;
  readonly tree: FrozenTree;
  /** Folder that grows with what commands write. */
  readonly layer: string;
  /** `uid:gid` that commands run as. */
  readonly user: string;
  /** Variables beyond the container's own, by which commands find their way out. */
  readonly env: Readonly<Record<string, string>>;
  readonly record: SessionRecord;
  /** Takes everything away. */
  discard(): Promise<void>;
  /** Leaves container and mirror where they are, and lets go of the rest. */
  leave(): Promise<void>;
}

/** Opens a container over a mirror of its own. What was made is taken away again if the rest fails. */
export async function openContainer(
  site: Site,
  workspace: Workspace,
  signal: AbortSignal,
): Promise<Opened> {
  requireGoing(signal);
  const process = await site.presence.enter();
  await requireRoom(site);
  const labels = newLabels({ owner: site.owner, process, taskId: workspace.taskId });
  const undo = createUndo();
  try {
    return await assemble({ site, workspace, labels, signal, undo });
  } catch (error) {
    // What could not be taken away either is the sweep's.
    await undo.all().catch(() => undefined);
    throw signal.aborted ? cancelled(error) : await orDiskFull(roomOf(site), error);
  }
}

interface Opening {
  readonly site: Site;
  readonly workspace: Workspace;
  readonly labels: Labels;
  readonly signal: AbortSignal;
  readonly undo: Undo;
}

async function assemble(opening: Opening): Promise<Opened> {
  const { site, workspace, labels, undo } = opening;
  const session = labels["nexus.session"];
  site.inUse.add(session);
  undo.push("shared", async () => site.inUse.delete(session));
  const tree = await takeTree(opening);
  const environment = await takeEnvironment(opening, tree);
  const layer = await makeLayer(opening);
  const mirror = await mirrorOver(opening, { layer, tree, environment });
  const user = `${site.uid}:${site.uid}`;
  const { container, pid } = await startContainer(opening, { mirror, environment, user });
  const tasks = await countTasks({ containerId: container.id, pid });
  const wayOut = await openWayOut(opening, container, environment);
  const record = recordOf(opening, { tree, environment, container, mirror, user });
  await writeRecord(site.layersFolder, record);
  return {
    workspace,
    container,
    tasks,
    mirror,
    tree,
    layer,
    user,
    env: wayOut?.env ?? {},
    record,
    discard: undo.all,
    leave: undo.shared,
  };
}

async function takeTree({ site, workspace, signal, undo }: Opening): Promise<FrozenTree> {
  const { tree, release } = await site.bases.take(workspace);
  undo.push("shared", release);
  site.onStep("base-ready");
  requireGoing(signal);
  return tree;
}

async function takeEnvironment(
  { site, workspace, labels, signal, undo }: Opening,
  tree: FrozenTree,
): Promise<Environment> {
  const need = { tree, wish: workspace.environment, labels, source: sourceOf(site, workspace) };
  for (;;) {
    try {
      const environment = await site.environments.take(need, signal);
      undo.push("shared", () => environment.release());
      site.onStep("environment-ready");
      requireGoing(signal);
      return environment;
    } catch (error) {
      requireGoing(signal);
      // A set-up that was shared ended with the opener that had begun it.
      if (!(error instanceof NexusError) || error.code !== "aborted") throw error;
    }
  }
}

/** The files of the default branch that the environment's commands see; undefined where none is named. */
function sourceOf(site: Site, { gitDir, environment }: Workspace): SourceTree | undefined {
  const commit = environment?.commit;
  return commit === undefined
    ? undefined
    : { id: commit, take: () => site.bases.take({ gitDir, commit }) };
}

async function makeLayer({ site, labels, undo }: Opening): Promise<string> {
  const session = labels["nexus.session"];
  undo.push("own", async () => {
    await site.layers.remove(session);
    site.onStep("layer-removed");
  });
  const layer = await site.layers.create(session);
  site.onStep("layer-made");
  return layer;
}

async function mirrorOver(
  { site, labels, undo }: Opening,
  at: { layer: string; tree: FrozenTree; environment: Environment },
): Promise<Mirror> {
  const { layers, pass: installed } = at.environment;
  const pass: Passed = (path) => path === ".git" || installed(path);
  const parts = { folder: at.layer, tree: at.tree, layers, pass };
  const mirror = await makeMirror(site, parts, labels);
  undo.push("own", async () => {
    await mirror.remove();
    site.onStep("volume-removed");
  });
  site.onStep("volume-made");
  return mirror;
}

async function startContainer(
  { site, labels, signal, undo }: Opening,
  at: { mirror: Mirror; environment: Environment; user: string },
): Promise<{ container: Docker.Container; pid: number }> {
  const { image, env } = at.environment;
  const traits = await traitsOf(site.docker, image);
  const { runtime, limits } = site;
  const plan = { image, env, traits, runtime, limits, labels, user: at.user };
  const container = await create(site.docker, { ...plan, mount: at.mirror.mount });
  undo.push("own", async () => {
    await askUntilGone("remove a container", () => removeContainer(container));
    site.onStep("container-removed");
  });
  site.onStep("container-made");
  requireGoing(signal);
  await ask("start a container", (abortSignal) => container.start({ abortSignal }));
  site.onStep("container-started");
  requireGoing(signal);
  const { State } = await ask("look at a container", (abortSignal) =>
    container.inspect({ abortSignal }),
  );
  return { container, pid: State.Pid };
}

async function create(
  docker: Docker,
  plan: Parameters<typeof containerOptions>[0],
): Promise<Docker.Container> {
  try {
    return await ask("create a container", (abortSignal) =>
      docker.createContainer({ ...containerOptions(plan), abortSignal }),
    );
  } catch (error) {
    throw isGone(error) ? imageMissing(plan.image, error) : error;
  }
}

async function openWayOut(
  { site, workspace, labels, signal, undo }: Opening,
  container: Docker.Container,
  { network }: Environment,
): Promise<WayOut | undefined> {
  if (network.length === 0) return undefined;
  const wish = { containerId: container.id, labels, hosts: network };
  const wayOut = await site.egress.open(wish, signal);
  undo.push("shared", async () => await wayOut[Symbol.asyncDispose]());
  // Before, and apart from it: the way is closed whatever becomes of the telling.
  undo.push("shared", async () => {
    const attempts = await wayOut.attempts().catch(() => []);
    const { taskId } = workspace;
    if (attempts.length > 0)
      site.onAttempts({ taskId, session: labels["nexus.session"], attempts });
  });
  return wayOut;
}

function recordOf(
  { site, workspace, labels }: Opening,
  at: {
    tree: FrozenTree;
    environment: Environment;
    container: Docker.Container;
    mirror: Mirror;
    user: string;
  },
): SessionRecord {
  const { mount } = at.mirror;
  return {
    version: 1,
    state: "open",
    session: labels["nexus.session"],
    taskId: workspace.taskId,
    gitDir: workspace.gitDir,
    commit: workspace.commit,
    image: at.environment.image,
    containerId: at.container.id,
    ...(mount.Type === "volume" && { volume: mount.Source }),
    user: at.user,
    mirror: site.mirror,
    tree: { folders: [...at.tree.folders] },
    layers: [...at.environment.layers],
    env: { ...at.environment.env },
    openedAt: new Date().toISOString(),
  };
}

async function requireRoom(site: Site): Promise<void> {
  const room = roomOf(site);
  try {
    await mkdir(room.folder, { recursive: true });
  } catch (error) {
    throw await orDiskFull(room, error);
  }
  if (!(await hasRoom(room))) throw diskFull(room);
}

/** Where a session writes on this machine. */
export function roomOf({ layersFolder, minFreeBytes }: Site): Room {
  return { folder: layersFolder, minFreeBytes };
}

function requireGoing(signal: AbortSignal): void {
  if (signal.aborted) throw cancelled();
}

function cancelled(cause?: unknown): NexusError {
  return new NexusError("aborted", "The sandbox was cancelled.", { cause });
}
