import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import Docker from "dockerode";
import { type Labels, newLabels } from "../container/container.ts";
import type { SandboxLimits } from "../container/limits.ts";
import { findThings } from "../engine/find-things.ts";
import { keepPresence } from "../engine/presence.ts";
import { keepLayers } from "../mirror/layers.ts";
import { once } from "../once.ts";
import type { SessionRecord } from "../session-record.ts";
import type { Look } from "./look.ts";
import { openLook } from "./open-look.ts";
import { type SeenSession, seeSessions } from "./sessions.ts";
import { openViewContainer, type ViewContainer } from "./view-container.ts";

/** Where an installation keeps its sandboxes, as its settings say. */
export interface InspectorOptions {
  readonly docker?: Docker.DockerOptions | undefined;
  readonly image: string;
  readonly folder: string;
  readonly owner: string;
  readonly runtime?: string | undefined;
  readonly limits: SandboxLimits;
}

/** Looks into what other processes of an installation have open or hold. Disposing leaves nothing behind. */
export interface Inspector extends AsyncDisposable {
  sessions(): Promise<readonly SeenSession[]>;
  /** A look for as long as the work takes, with a scratch folder for it. */
  look<T>(record: SessionRecord, work: (look: Look, scratch: string) => Promise<T>): Promise<T>;
  /** A container in which the workspace is seen and cannot be written. */
  view(record: SessionRecord): Promise<ViewContainer>;
  /** Takes a session away with all that belongs to it. */
  release(record: SessionRecord): Promise<void>;
}

/** Opens nothing by itself, and is seen by others only once it makes something in the engine. */
export function createInspector(options: InspectorOptions): Inspector {
  const docker = new Docker(options.docker);
  const folder = resolve(options.folder);
  const layersFolder = join(folder, "layers");
  const processes = join(folder, "processes");
  const presence = keepPresence(processes);
  const { owner, image, limits, runtime } = options;
  let entered: string | undefined;
  const enter = once(async () => {
    entered = await presence.enter();
    return entered;
  });
  const labelsFor = async ({ taskId }: SessionRecord): Promise<Labels> =>
    newLabels({ owner, process: await enter(), taskId });

  return {
    sessions: () => seeSessions({ docker, owner, layersFolder, presence }, Date.now()),
    async look(record, work) {
      const scratch = await mkdtemp(join(tmpdir(), "nexus-inspect-"));
      try {
        const labels = await labelsFor(record);
        const site = { docker, image, uid: uidOf(record), limits, labels, layersFolder, scratch };
        await using look = await openLook(record, site);
        return await work(look, scratch);
      } finally {
        await rm(scratch, { recursive: true, force: true });
      }
    },
    async view(record) {
      const labels = await labelsFor(record);
      return await openViewContainer(record, { docker, runtime, limits, layersFolder, labels });
    },
    async release({ session }) {
      for (const { remove } of await findThings(docker, { owner, session })) await remove();
      await keepLayers(docker, { folder: layersFolder, image }).remove(session);
    },
    async [Symbol.asyncDispose]() {
      if (entered !== undefined)
        await rm(join(processes, entered), { recursive: true, force: true });
    },
  };
}

function uidOf({ user }: SessionRecord): number {
  return Number.parseInt(user, 10);
}
