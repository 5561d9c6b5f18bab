import { randomInt } from "node:crypto";
import type Docker from "dockerode";
import { askToRemove } from "../engine/engine.ts";
import { startAttached } from "./attached-start.ts";
import { keepAttempts } from "./attempts.ts";
import type { WayOut, WayOutWish } from "./egress.ts";
import { createEgressContainer, type EgressPlan } from "./egress-container.ts";
import { proxyRules, type Rules } from "./proxy-rules.ts";
import { createSocketVolume, SOCKET } from "./socket-volume.ts";

/** Where and by which rules ways out are made. */
export interface WayOutPlan extends Omit<Rules, "listen"> {
  readonly image: string;
  /** The engine's network that leads out: `bridge`, or `host` where it has none. */
  readonly network: string;
  readonly extraHosts: readonly string[];
}

const GATE = "127.0.0.1:3128";
const MOST_CONNECTIONS = 128;

type Undo = () => Promise<unknown>;

/**
 * Starts proxy and gate. The proxy has a network and is reached through a socket only; the gate shares the
 * loopback of the container that wants out and leads to the socket. If either ends, there is no way.
 */
export async function openWayOut(
  docker: Docker,
  at: { plan: WayOutPlan; wish: WayOutWish },
  signal: AbortSignal,
): Promise<WayOut> {
  const { plan, wish } = at;
  const volume = await createSocketVolume(docker, wish.labels);
  const log = keepAttempts();
  const made: Undo[] = [];
  const close = () => undo(made, volume.remove);
  const start = async (
    own: Pick<EgressPlan, "network" | "command" | "env" | "extraHosts"> & { readOnly: boolean },
    expected: { signs: readonly string[]; onOutput?: (text: string) => void },
  ) => {
    const mounts = [volume.mount(own.readOnly)];
    const { image } = plan;
    const container = await createEgressContainer(docker, { ...wish, ...own, image, mounts });
    made.push(() => remove(container));
    const { stop } = await startAttached(container, { ...expected, signal });
    made.push(async () => stop());
  };

  const started = await Promise.allSettled([
    start({ ...proxy(plan), readOnly: false }, { signs: PROXY_SIGNS, onOutput: log.take }),
    start({ ...gate(wish.containerId), readOnly: true }, { signs: GATE_SIGNS }),
  ]);
  const failure = started.find((result) => result.status === "rejected");
  if (failure) {
    await close();
    throw failure.reason;
  }
  return { env: WAY_OUT_ENV, attempts: async () => log.all(), [Symbol.asyncDispose]: close };
}

const PROXY_SIGNS = ["Accepting HTTP Socket connections", `listening on AF=1 "${SOCKET}"`];
const GATE_SIGNS = [`listening on AF=2 ${GATE}`];

function proxy(plan: WayOutPlan) {
  // On a network that others share, two proxies must not want the same port.
  const listen = `127.${randomInt(1, 255)}.${randomInt(256)}.${randomInt(1, 255)}:3128`;
  const socket = `UNIX-LISTEN:${SOCKET},fork,mode=666,max-children=${MOST_CONNECTIONS}`;
  const script = [
    'printf %s "$SQUID_CONF" > /run/squid/squid.conf',
    `{ socat -d -d -t 60 ${socket} TCP:${listen} & exec squid -N -f /run/squid/squid.conf; }`,
  ].join(" && ");
  return {
    network: plan.network,
    command: ["sh", "-c", script],
    env: [`SQUID_CONF=${proxyRules({ ...plan, listen })}`],
    extraHosts: plan.extraHosts,
  };
}

function gate(containerId: string) {
  const [address, port] = GATE.split(":");
  const listen = `TCP-LISTEN:${port},bind=${address},reuseaddr,fork,max-children=${MOST_CONNECTIONS}`;
  return {
    network: `container:${containerId}`,
    command: ["socat", "-d", "-d", "-t", "60", listen, `UNIX-CONNECT:${SOCKET}`],
  };
}

const PROXY = `http://${GATE}`;
const NOT_BY_PROXY = "localhost,127.0.0.1,::1";
const [JAVA_HOST, JAVA_PORT] = GATE.split(":");
const JAVA = ["http", "https"]
  .map((scheme) => `-D${scheme}.proxyHost=${JAVA_HOST} -D${scheme}.proxyPort=${JAVA_PORT}`)
  .join(" ");

/** Variables by which programs find the gate. */
export const WAY_OUT_ENV = {
  HTTP_PROXY: PROXY,
  HTTPS_PROXY: PROXY,
  http_proxy: PROXY,
  https_proxy: PROXY,
  NO_PROXY: NOT_BY_PROXY,
  no_proxy: NOT_BY_PROXY,
  // These look for a proxy in places of their own.
  NODE_USE_ENV_PROXY: "1",
  YARN_HTTP_PROXY: PROXY,
  YARN_HTTPS_PROXY: PROXY,
  // Java reads these in addition to what Maven and Gradle are told by options of their own.
  JAVA_TOOL_OPTIONS: JAVA,
};

async function remove(container: Docker.Container): Promise<void> {
  await askToRemove("remove a container of a way out", () =>
    container.remove({ force: true, v: true }),
  );
}

// Everything is tried, also when the containers went before with the one that wanted out.
async function undo(made: Undo[], removeVolume: Undo): Promise<void> {
  const removed = await Promise.allSettled(made.splice(0).map((work) => work()));
  const gone = await Promise.allSettled([removeVolume()]);
  const failure = [...removed, ...gone].find((result) => result.status === "rejected");
  if (failure) throw failure.reason;
}
