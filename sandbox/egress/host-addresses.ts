import { isIP } from "node:net";
import type Docker from "dockerode";
import type { Labels } from "../container/container.ts";
import { shortRun } from "./short-run.ts";

/**
 * The engine's machine's own addresses, as a container on its network sees them. Nexus itself may be in a
 * container and would see only its own.
 */
export async function readHostAddresses(
  docker: Docker,
  at: { image: string; labels: Labels },
  signal: AbortSignal,
): Promise<readonly string[]> {
  const command = ["cat", "/proc/net/fib_trie", "/proc/net/if_inet6"];
  return hostAddresses(await shortRun(docker, { ...at, network: "host", command }, signal));
}

/** The addresses that the kernel counts as a machine's own, from its `/proc/net/fib_trie` and `/proc/net/if_inet6`. */
export function hostAddresses(listing: string): readonly string[] {
  const found = new Set<string>();
  let last = "";
  for (const line of listing.split("\n")) {
    last = /\|-- ([0-9.]+)/.exec(line)?.[1] ?? last;
    if (/\/32 host LOCAL/.test(line)) found.add(last);
    const digits = /^([0-9a-f]{32}) /.exec(line)?.[1];
    if (digits) found.add(digits.replace(/.{4}(?=.)/g, "$&:"));
  }
  return [...found].filter((address) => isIP(address) !== 0);
}
