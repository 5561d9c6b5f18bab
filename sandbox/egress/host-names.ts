import { NexusError } from "../../src/core/errors.ts";

const NAME = /^(?:\*\.)?(?!-)(?:[a-z0-9-]{1,63}\.)+[a-z][a-z0-9-]{0,62}$/;
const MOST_NAMES = 256;

/**
 * The same hosts, each once. They become lines of the proxy's rules, so anything that is not a host name,
 * with or without `*.` before it, throws `sandbox.not-allowed`.
 */
export function requireHostNames(hosts: readonly string[]): readonly string[] {
  const names = [...new Set(hosts)];
  const bad = names.find((name) => name.length > 253 || !NAME.test(name));
  if (bad !== undefined)
    throw refused(`${JSON.stringify(bad.slice(0, 100))} is no name of a host.`);
  if (names.length > MOST_NAMES) throw refused(`More than ${MOST_NAMES} hosts are named.`);
  return names;
}

function refused(message: string): NexusError {
  return new NexusError("sandbox.not-allowed", message, {
    hint: "Name hosts in lower case, such as registry.npmjs.org or *.example.org; no addresses, no ports.",
  });
}
