import type Docker from "dockerode";
import { NexusError } from "../../src/core/errors.ts";
import type { Labels } from "../container/container.ts";
import { ask, askToRemove } from "../engine/engine.ts";
import type { Egress } from "./egress.ts";
import { createEgressContainer } from "./egress-container.ts";
import { REFUSED } from "./proxy-rules.ts";
import { shortRun } from "./short-run.ts";

/** Where the walls are tried, and how a way out is opened there. */
export interface Boundary {
  readonly docker: Docker;
  readonly image: string;
  readonly labels: Labels;
  readonly open: Egress["open"];
}

// Of a range that belongs to nobody: with a route the attempt would time out, without one it fails at once.
const ADDRESS = "192.0.2.1";
const REFUSED_NAME = "refused.nexus.invalid";
const ALLOWED_NAME = "allowed.nexus.invalid";

/** Tries from inside what must not work, with a way out open. Throws `sandbox.unavailable` naming the wall that does not hold. */
export async function checkBoundary(boundary: Boundary, signal: AbortSignal): Promise<void> {
  const { docker, image, labels, open } = boundary;
  const command = ["sleep", "infinity"];
  const container = await createEgressContainer(docker, {
    image,
    labels,
    network: "none",
    command,
  });
  try {
    await ask("start a container to try the walls", (abortSignal) =>
      container.start({ abortSignal }),
    );
    await using _way = await open(
      { containerId: container.id, labels, hosts: [ALLOWED_NAME] },
      signal,
    );
    const network = `container:${container.id}`;
    const said = await shortRun(docker, { image, labels, network, command: TRIAL }, signal);
    for (const { sign, wall } of WALLS) if (!said.includes(sign)) throw broken(wall, said);
  } finally {
    await askToRemove("remove a container that tried the walls", () =>
      container.remove({ force: true, v: true }),
    );
  }
}

const WALLS = [
  { sign: `name ${REFUSED}`, wall: "A host that is not named was not refused." },
  { sign: `address ${REFUSED}`, wall: "An address was not refused." },
  { sign: "direct unreachable", wall: "There is a route past the proxy." },
];

// What the proxy says of two requests, and whether there is a way without it.
const request = (host: string) =>
  `printf 'CONNECT ${host}:443 HTTP/1.1\\r\\nHost: ${host}:443\\r\\nConnection: close\\r\\n\\r\\n' | socat -t 60 - TCP:127.0.0.1:3128,shut-none | grep -o ${REFUSED} | head -n 1`;

const TRIAL = [
  "sh",
  "-c",
  [
    `echo "name $(${request(REFUSED_NAME)})"`,
    `echo "address $(${request(ADDRESS)})"`,
    `socat /dev/null TCP:${ADDRESS}:443,connect-timeout=10 2>&1 | grep -q 'Network is unreachable' && echo direct unreachable`,
  ].join("\n"),
];

function broken(wall: string, said: string): NexusError {
  return new NexusError("sandbox.unavailable", `A wall of the sandbox does not hold. ${wall}`, {
    hint: "Nothing is set up until the check goes well. Does something change the networks of containers?",
    retryable: true,
    cause: new Error(`The trial said: ${said.slice(0, 1_000)}`),
  });
}
