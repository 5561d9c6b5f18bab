import type Docker from "dockerode";
import { NexusError } from "../../src/core/errors.ts";
import { bounds, type Labels, walls } from "../container/container.ts";
import { DEFAULT_LIMITS } from "../container/limits.ts";
import { ask, statusOf } from "../engine/engine.ts";

/** What differs between the containers of a way out. */
export interface EgressPlan {
  readonly image: string;
  readonly labels: Labels;
  readonly network: string;
  readonly command: readonly string[];
  /** Names of environment variables with their values. */
  readonly env?: readonly string[];
  readonly mounts?: readonly Docker.MountSettings[];
  /** `name:address` of hosts beyond the DNS. */
  readonly extraHosts?: readonly string[];
}

/** The one number that proxies and gates run as. It owns their socket. */
export const EGRESS_USER = 10_002;

// Connections through a socket are a process each.
const LIMITS = { ...DEFAULT_LIMITS, memoryMb: 256, cpus: 1, pids: 192 };

/** Creates a container of Nexus' own programs behind the same walls as all. Throws `sandbox.image-missing`. */
export async function createEgressContainer(
  docker: Docker,
  plan: EgressPlan,
): Promise<Docker.Container> {
  try {
    return await ask("create a container for a way out", (abortSignal) =>
      docker.createContainer({ ...optionsOf(plan), abortSignal }),
    );
  } catch (error) {
    throw isImageMissing(error) ? imageMissing(plan.image, error) : error;
  }
}

function optionsOf(plan: EgressPlan): Docker.ContainerCreateOptions {
  return {
    Image: plan.image,
    Entrypoint: [],
    Cmd: [...plan.command],
    User: `${EGRESS_USER}:${EGRESS_USER}`,
    WorkingDir: "/",
    Env: [...(plan.env ?? [])],
    Labels: { ...plan.labels },
    Healthcheck: { Test: ["NONE"] },
    StopTimeout: 1,
    HostConfig: {
      ...walls(),
      ...bounds(LIMITS),
      NetworkMode: plan.network,
      Mounts: [...(plan.mounts ?? [])],
      Tmpfs: { "/run/squid": `nosuid,nodev,noexec,mode=700,uid=${EGRESS_USER},size=1m` },
      ...(plan.extraHosts?.length ? { ExtraHosts: [...plan.extraHosts] } : {}),
    },
  };
}

// The engine says 404 also of a container whose network is to be shared, or of a volume.
function isImageMissing(error: unknown): boolean {
  return (
    error instanceof NexusError &&
    statusOf(error.cause) === 404 &&
    /no such image/i.test(error.message)
  );
}

function imageMissing(image: string, cause: unknown): NexusError {
  return new NexusError("sandbox.image-missing", `There is no image ${image}.`, {
    hint: "Build it with: sh docker/build-egress-image.sh",
    cause,
  });
}
