import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type Docker from "dockerode";
import { type Labels, walls } from "../container/container.ts";
import { ask, askToRemove } from "../engine/engine.ts";

/** The folders that belong to one session each and go with it. */
export interface Layers {
  create(session: string): Promise<string>;
  remove(session: string): Promise<void>;
  /** Names of the sessions that have one. */
  sessions(): Promise<readonly string[]>;
}

/** Labels of a container that is there for a moment, under a session of its own that is in use until then. */
interface Marked {
  readonly labels: Labels;
  release(): void;
}

interface LayerKeeping {
  readonly folder: string;
  readonly image: string;
  /** Marks the containers that clean, so that a crash leaves none that nobody finds. */
  readonly mark?: (() => Promise<Marked>) | undefined;
}

/** Keeps layers below one folder. */
export function keepLayers(docker: Docker, at: LayerKeeping): Layers {
  return {
    async create(session) {
      const folder = join(at.folder, session);
      await mkdir(folder, { recursive: true, mode: 0o755 });
      return folder;
    },
    async remove(session) {
      const folder = join(at.folder, session);
      try {
        await rm(folder, { recursive: true, force: true });
      } catch {
        // The kernel leaves a folder of root's in each work folder; only root can empty it. And a command may
        // have nested folders deeper than paths of this process reach.
        const marked = await at.mark?.();
        try {
          await emptyAsRoot(docker, { folder, image: at.image, labels: marked?.labels });
        } finally {
          marked?.release();
        }
        await rm(folder, { recursive: true, force: true });
      }
    },
    async sessions() {
      await mkdir(at.folder, { recursive: true });
      return await readdir(at.folder);
    },
  };
}

interface Emptying {
  readonly folder: string;
  readonly image: string;
  readonly labels: Labels | undefined;
}

// A command may have left a million entries.
const CLEANING_MS = 1_800_000;

async function emptyAsRoot(docker: Docker, at: Emptying): Promise<void> {
  const container = await ask("create a cleaning container", (abortSignal) =>
    docker.createContainer({
      Image: at.image,
      Entrypoint: [
        "/bin/sh",
        "-c",
        "chmod -R u+rwx /layer/work; rm -rf /layer/work /layer/upper /layer/copy",
      ],
      Cmd: [],
      User: "0:0",
      Labels: { ...at.labels },
      NetworkDisabled: true,
      HostConfig: {
        ...walls(),
        CapAdd: ["DAC_OVERRIDE", "FOWNER"],
        NetworkMode: "none",
        Mounts: [{ Type: "bind", Source: at.folder, Target: "/layer" }],
      },
      abortSignal,
    }),
  );
  const nobodyWaits = new AbortController();
  try {
    // Asked before the start: afterwards a container that is already done counts as never run.
    const ended = container.wait({ condition: "next-exit", abortSignal: nobodyWaits.signal });
    // It may fail while the start is awaited, when nobody listens yet.
    ended.catch(() => undefined);
    await ask("start a cleaning container", (abortSignal) => container.start({ abortSignal }));
    await ask("clean a layer", () => ended, CLEANING_MS);
  } finally {
    nobodyWaits.abort();
    await askToRemove("remove a cleaning container", () => container.remove({ force: true }));
  }
}
