import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import { NexusError } from "../../src/core/errors.ts";
import type { Labels } from "../container/container.ts";
import { ask, statusOf } from "../engine/engine.ts";
import { EGRESS_USER } from "./egress-container.ts";

/** The one place that a proxy and its gate share: room for a socket. */
export interface SocketVolume {
  /** For the gate it is read-only: a socket that is there can be used and not replaced. */
  mount(readOnly: boolean): Docker.MountSettings;
  remove(): Promise<void>;
}

/** Where the socket is, in both containers. */
export const SOCKET = "/egress/socket";

const TRIES = 50;
const PAUSE_MS = 200;

/** Creates the volume, in memory and gone with its last container. */
export async function createSocketVolume(docker: Docker, labels: Labels): Promise<SocketVolume> {
  const name = `nexus-egress-${randomUUID()}`;
  const volume = await ask("create a volume for a socket", (abortSignal) =>
    docker.createVolume({
      Name: name,
      Driver: "local",
      DriverOpts: {
        type: "tmpfs",
        device: "tmpfs",
        o: `uid=${EGRESS_USER},gid=${EGRESS_USER},mode=755,size=64k,nosuid,nodev,noexec`,
      },
      Labels: { ...labels },
      abortSignal,
    }),
  );
  return {
    mount: (readOnly) =>
      ({
        Type: "volume",
        Source: name,
        Target: "/egress",
        ReadOnly: readOnly,
        VolumeOptions: { NoCopy: true },
      }) as Docker.MountSettings,
    remove: () => removeUnused(volume),
  };
}

// A container that somebody else removes at the same time holds the volume a moment longer.
async function removeUnused(volume: Docker.Volume): Promise<void> {
  for (let left = TRIES; ; left -= 1) {
    const failure = await tryToRemove(volume);
    if (failure === undefined) return;
    if (statusOf(failure.cause) !== 409 || left === 0) throw failure;
    await sleep(PAUSE_MS);
  }
}

async function tryToRemove(volume: Docker.Volume): Promise<NexusError | undefined> {
  try {
    await ask("remove a socket's volume", () => volume.remove());
  } catch (error) {
    if (!(error instanceof NexusError)) throw error;
    return statusOf(error.cause) === 404 ? undefined : error;
  }
}
