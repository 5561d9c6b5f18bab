import type { Labels } from "../container/container.ts";

/** Who wants out: a started container without a network, and the hosts it may reach. */
export interface WayOutWish {
  readonly containerId: string;
  readonly labels: Labels;
  /** Exact names, or `*.` before one for all below it. */
  readonly hosts: readonly string[];
}

/** One request that the proxy saw. */
export interface Attempt {
  readonly host: string;
  readonly allowed: boolean;
}

/** A way out for one container, through a proxy that lets named hosts pass and writes down the rest. */
export interface WayOut extends AsyncDisposable {
  /** Variables by which the container's programs find the proxy. */
  readonly env: Readonly<Record<string, string>>;
  /** What was asked for so far, each host once per answer. */
  attempts(): Promise<readonly Attempt[]>;
}

/** Opens ways out. Without one a container reaches nothing. */
export interface Egress {
  open(wish: WayOutWish, signal: AbortSignal): Promise<WayOut>;
}
