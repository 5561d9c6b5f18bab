import type Docker from "dockerode";
import { NexusError } from "../../src/core/errors.ts";
import type { Labels } from "../container/container.ts";
import { ask } from "../engine/engine.ts";
import { checkBoundary } from "./check-boundary.ts";
import type { Egress, WayOutWish } from "./egress.ts";
import { readHostAddresses } from "./host-addresses.ts";
import { requireHostNames } from "./host-names.ts";
import { openWayOut } from "./way-out.ts";

/** Where ways out are made. */
export interface EgressSite {
  readonly docker: Docker;
  readonly image?: string | undefined;
  /** Hosts that may stand for addresses of a private network: the operator's own registry. */
  readonly privateHosts?: readonly string[];
  /** `name:address` of hosts that the DNS does not know. */
  readonly extraHosts?: readonly string[];
  /** The engine's network that leads out, instead of the one found. */
  readonly network?: "bridge" | "host" | undefined;
}

/** Ways out whose walls are tried now and then. */
export interface CheckedEgress extends Egress {
  /**
   * Tries the walls with a container of its own. If one does not hold, throws `sandbox.unavailable`, and
   * so does every `open` until a check goes well.
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
  let own: readonly string[] | undefined;
  let broken: unknown;

  const open = async (wish: WayOutWish, signal: AbortSignal) => {
    const hosts = requireHostNames(wish.hosts);
    await requireSharedNetwork(docker, wish.containerId);
    own ??= await readHostAddresses(docker, { image, labels: wish.labels }, signal);
    const plan = {
      image,
      hosts,
      privateHosts,
      hostAddresses: own,
      extraHosts: site.extraHosts ?? [],
      network: site.network ?? (await networkOf(docker)),
    };
    return await openWayOut(docker, { plan, wish }, signal);
  };

  return {
    async open(wish, signal) {
      if (broken) throw broken;
      return await open(wish, signal);
    },
    async check(labels, signal) {
      try {
        // They may have changed since.
        own = undefined;
        await checkBoundary({ docker, image, labels, open }, signal);
        broken = undefined;
      } catch (error) {
        broken = error;
        throw error;
      }
    },
  };
}

// An engine without a bridge of its own can only lend the host's network.
async function networkOf(docker: Docker): Promise<string> {
  const networks = await ask("list its networks", (abortSignal) =>
    docker.listNetworks({ filters: { driver: ["bridge"] }, abortSignal }),
  );
  return networks.some(({ Name }) => Name === "bridge") ? "bridge" : "host";
}

// These keep a network of their own, whose loopback nobody else can listen on.
const OWN_NETWORK = /runsc|gvisor|kata/i;

async function requireSharedNetwork(docker: Docker, containerId: string): Promise<void> {
  const { HostConfig } = await ask("look at a container", (abortSignal) =>
    docker.getContainer(containerId).inspect({ abortSignal }),
  );
  const runtime = HostConfig.Runtime ?? "";
  if (!OWN_NETWORK.test(runtime)) return;
  throw new NexusError(
    "sandbox.not-allowed",
    `Containers of the runtime ${runtime} cannot reach named hosts.`,
    { hint: "Name no hosts for them, or leave SANDBOX_RUNTIME to the engine's own." },
  );
}
