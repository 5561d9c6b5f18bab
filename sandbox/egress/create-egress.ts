import type Docker from "dockerode";
import { NexusError } from "../../src/core/errors.ts";
import type { Labels } from "../container/container.ts";
import { ask } from "../engine/engine.ts";
import { checkBoundary } from "./check-boundary.ts";
import type { Egress, WayOutWish } from "./egress.ts";
import { readHostAddresses } from "./host-addresses.ts";
import { requireHostNames } from "./host-names.ts";
import { hasOwnNetwork } from "./own-network.ts";
import type { Rules } from "./proxy-rules.ts";
import { openWayOut } from "./way-out.ts";

/** Where ways out are made. */
export interface EgressSite {
  readonly docker: Docker;
  readonly image?: string | undefined;
  /** Hosts that may stand for addresses of a private network. */
  readonly privateHosts?: readonly string[];
  /**
   * URL of the operator's own registry. Where a wish names its host, it may be reached at the URL's port,
   * and at private addresses; it may be an address itself.
   */
  readonly registry?: string | undefined;
  /** `name:address` of hosts that the DNS does not know. */
  readonly extraHosts?: readonly string[];
  /** The engine's network that leads out, instead of the one found. */
  readonly network?: "bridge" | "host" | undefined;
  /** After this time the walls are tried again before the next way out is opened; absent: only when asked to. */
  readonly checkEveryMs?: number | undefined;
}

/** Ways out whose walls are tried now and then. */
export interface CheckedEgress extends Egress {
  /**
   * Tries the walls with a container of its own. If one does not hold, throws `sandbox.unavailable`, and
   * nothing is opened before they have been tried again and held.
   */
  check(labels: Labels, signal: AbortSignal): Promise<void>;
}

/**
 * Opens ways out on an engine. `open` throws `sandbox.image-missing` without the proxy's image,
 * `sandbox.not-allowed` for what is no host name or a runtime that cannot have one, `sandbox.unavailable`
 * when it does not start; nothing is left behind.
 */
export function createEgress(site: EgressSite): CheckedEgress {
  const { docker } = site;
  const image = site.image ?? "nexus-egress:latest";
  const privateHosts = requireHostNames(site.privateHosts ?? []);
  const registry = site.registry === undefined ? undefined : registryAt(site.registry);
  const pause = site.checkEveryMs ?? Number.POSITIVE_INFINITY;
  let own: readonly string[] | undefined;
  let due = site.checkEveryMs === undefined ? pause : 0;

  const open = async (wish: WayOutWish, signal: AbortSignal) => {
    const hosts = requireHostNames(wish.hosts.filter((host) => host !== registry?.host));
    await requireSharedNetwork(docker, wish.containerId);
    own ??= await readHostAddresses(docker, { image, labels: wish.labels }, signal);
    const plan = {
      image,
      hosts,
      privateHosts,
      registry: registry && wish.hosts.includes(registry.host) ? registry : undefined,
      hostAddresses: own,
      extraHosts: site.extraHosts ?? [],
      network: site.network ?? (await networkOf(docker)),
    };
    return await openWayOut(docker, { plan, wish }, signal);
  };

  const check = async (labels: Labels, signal: AbortSignal) => {
    due = 0;
    // They may have changed since.
    own = undefined;
    await checkBoundary({ docker, image, labels, open }, signal);
    due = performance.now() + pause;
  };

  return {
    async open(wish, signal) {
      if (performance.now() >= due) await check(wish.labels, signal);
      return await open(wish, signal);
    },
    check,
  };
}

function registryAt(url: string): Rules["registry"] {
  const { hostname, port, protocol } = new URL(url);
  const secure = protocol === "https:";
  return { host: hostname, port: Number(port) || (secure ? 443 : 80), secure };
}

// An engine without a bridge of its own can only lend the host's network.
async function networkOf(docker: Docker): Promise<string> {
  const networks = await ask("list its networks", (abortSignal) =>
    docker.listNetworks({ filters: { driver: ["bridge"] }, abortSignal }),
  );
  return networks.some(({ Name }) => Name === "bridge") ? "bridge" : "host";
}

async function requireSharedNetwork(docker: Docker, containerId: string): Promise<void> {
  const { HostConfig } = await ask("look at a container", (abortSignal) =>
    docker.getContainer(containerId).inspect({ abortSignal }),
  );
  const runtime = HostConfig.Runtime ?? "";
  if (!hasOwnNetwork(runtime)) return;
  throw new NexusError(
    "sandbox.not-allowed",
    `Containers of the runtime ${runtime} cannot reach named hosts.`,
    { hint: "Name no hosts for them, or leave SANDBOX_RUNTIME to the engine's own." },
  );
}
