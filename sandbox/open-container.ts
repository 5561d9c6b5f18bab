import type Docker from "dockerode";
import { NexusError } from "../src/core/errors.ts";
import type { SandboxSession, Workspace } from "../src/core/sandbox.ts";
import { killContainer } from "./command/command-runner.ts";
import { lookInside } from "./command/inside.ts";
import { containerOptions, type Labels, newLabels } from "./container/container.ts";
import type { SandboxLimits } from "./container/limits.ts";
import { ask, askToRemove } from "./engine/engine.ts";
import type { Presence } from "./engine/presence.ts";
import { type Dependencies, takeDependencies } from "./environment/dependencies.ts";
import { installWithNpm } from "./environment/install.ts";
import { makeCopiedMirror } from "./mirror/copied-mirror.ts";
import type { FrozenFolders, Taken } from "./mirror/frozen-folders.ts";
import type { Layers } from "./mirror/layers.ts";
import type { Mirror, MirrorParts } from "./mirror/mirror.ts";
import { makeOverlayMirror } from "./mirror/overlay-mirror.ts";
import { own } from "./mirror/ownership.ts";
import { volumeName } from "./probe/probe.ts";
import { openSession } from "./session.ts";

/** Writes the files of a commit into an empty folder, with a `.git` that knows the commit and nothing else. */
export type Checkout = (at: { gitDir: string; commit: string; folder: string }) => Promise<void>;

/** Where containers are opened: the engine, Nexus' folders and the rules. */
export interface Site {
  readonly docker: Docker;
  readonly image: string;
  readonly mirror: "overlay" | "copy" | "upload";
  readonly owner: string;
  readonly uid: number;
  readonly checkout: Checkout;
  readonly limits: SandboxLimits;
  readonly layers: Layers;
  readonly bases: FrozenFolders;
  readonly environments: FrozenFolders;
  readonly presence: Presence;
  /** Sessions that are open now. */
  readonly inUse: Set<string>;
  readonly setUpTimeoutMs: number;
  readonly npmRegistry?: string | undefined;
  readonly certificates?: string | undefined;
}

type Undo = () => Promise<unknown>;

/** Opens a container over a mirror of its own. What was made is taken away again if the rest fails. */
export async function openContainer(
  site: Site,
  workspace: Workspace,
  signal: AbortSignal,
): Promise<SandboxSession> {
  requireGoing(signal);
  const process = await site.presence.enter();
  const labels = newLabels({ owner: site.owner, process, taskId: workspace.taskId });
  const session = labels["nexus.session"];
  const made: Undo[] = [async () => site.inUse.delete(session)];
  site.inUse.add(session);
  try {
    const base = await takeBase(site, workspace);
    made.push(base.release);
    const dependencies = await dependenciesOf({ site, base: base.folder, labels }, signal);
    if (dependencies) made.push(dependencies.release);
    return await assemble({ site, base: base.folder, dependencies, labels, signal, made });
  } catch (error) {
    await undo(made);
    throw error;
  }
}

async function takeBase(site: Site, { gitDir, commit }: Workspace): Promise<Taken> {
  if (!/^[0-9a-f]{40,64}$/.test(commit))
    throw new Error("A sandbox is opened over a commit's full id.");
  return await site.bases.take(commit, async (folder) => {
    await site.checkout({ gitDir, commit, folder });
    await own(folder, site.uid);
  });
}

async function dependenciesOf(
  at: { site: Site; base: string; labels: Labels },
  signal: AbortSignal,
): Promise<Dependencies | undefined> {
  const { site, labels } = at;
  const keeping = {
    ...site,
    folders: site.environments,
    install: (folder: string) =>
      installWithNpm(
        site.docker,
        { ...site, labels, timeoutMs: site.setUpTimeoutMs },
        { folder, signal },
      ),
  };
  for (;;) {
    try {
      return await takeDependencies(at.base, keeping, signal);
    } catch (error) {
      requireGoing(signal);
      // An installation that was shared ended with the task that had begun it.
      if (!(error instanceof NexusError) || error.code !== "aborted") throw error;
    }
  }
}

interface Assembly {
  readonly site: Site;
  readonly base: string;
  readonly dependencies: Dependencies | undefined;
  readonly labels: Labels;
  readonly signal: AbortSignal;
  /** How to take away what was made so far. */
  readonly made: Undo[];
}

async function assemble({
  site,
  base,
  dependencies,
  labels,
  signal,
  made,
}: Assembly): Promise<SandboxSession> {
  const session = labels["nexus.session"];
  const user = `${site.uid}:${site.uid}`;
  const layer = await site.layers.create(session);
  made.push(() => site.layers.remove(session));

  const pass = (path: string) => path === ".git" || (dependencies?.pass(path) ?? false);
  const parts = { folder: layer, base, dependencies: dependencies?.folder, pass };
  const mirror = await makeMirror(site, parts, labels);
  made.push(() => mirror.remove());

  const container = await ask("create a container", (abortSignal) =>
    site.docker.createContainer({
      ...containerOptions({ ...site, user, mount: mirror.mount, labels }),
      abortSignal,
    }),
  );
  made.push(() => removeContainer(container));
  await ask("start a container", (abortSignal) => container.start({ abortSignal }));
  requireGoing(signal);

  const inside = lookInside(container, user, signal);
  const shop = { container, inside, layer, user, limits: site.limits, signal };
  return openSession({ image: site.image, shop, mirror, base, discard: () => undo(made) });
}

async function makeMirror(site: Site, parts: MirrorParts, labels: Labels): Promise<Mirror> {
  if (site.mirror === "copy") return await makeCopiedMirror(parts, site.uid);
  const names = { volume: volumeName(labels), uid: site.uid, labels: { ...labels } };
  return await makeOverlayMirror(site.docker, parts, names);
}

async function removeContainer(container: Docker.Container): Promise<void> {
  await killContainer(container);
  await askToRemove("remove a container", () => container.remove({ force: true, v: true }));
}

// In reverse order. One that fails does not keep the others from being taken away.
async function undo(made: Undo[]): Promise<void> {
  const failures: unknown[] = [];
  for (let next = made.pop(); next; next = made.pop())
    await next().catch((error) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}

function requireGoing(signal: AbortSignal): void {
  if (signal.aborted) throw new NexusError("aborted", "The sandbox was cancelled.");
}
