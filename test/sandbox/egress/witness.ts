import type Docker from "dockerode";
import type { Labels } from "../../../sandbox/container/container.ts";
import { startAttached } from "../../../sandbox/egress/attached-start.ts";
import { createEgressContainer } from "../../../sandbox/egress/egress-container.ts";

/** A server that somebody may reach, and what reached it. */
export interface Witness extends AsyncDisposable {
  readonly address: string;
  readonly gateway: string;
  /** Everything that was received, as it came. */
  received(): string;
}

// Tells on every port what it was sent, and keeps it.
const SERVER = `
const net = require("node:net");
const ports = [22, 80, 443, 4873, 8443];
let left = ports.length;
for (const port of ports) net.createServer((socket) => {
  process.stdout.write("[connection to " + port + "]");
  if (port === 443) return socket.end("hello through the tunnel");
  let got = "";
  socket.on("error", () => socket.destroy());
  socket.on("data", (data) => {
    got += data.toString("latin1");
    process.stdout.write(data);
    if (!got.includes("\\r\\n\\r\\n")) return;
    const body = "heard: " + got;
    socket.end("HTTP/1.1 200 OK\\r\\nConnection: close\\r\\nContent-Length: " + body.length + "\\r\\n\\r\\n" + body);
  });
}).listen(port, () => --left || process.stderr.write("all listen"));
`;

/** Starts one on the engine's bridge. */
export async function startWitness(docker: Docker, labels: Labels): Promise<Witness> {
  const container = await createEgressContainer(docker, {
    image: "nexus-sandbox:latest",
    labels,
    network: "bridge",
    command: ["node", "-e", SERVER],
  });
  let received = "";
  const { stop } = await startAttached(container, {
    signs: ["all listen"],
    onOutput: (text) => {
      received += text;
    },
    signal: new AbortController().signal,
  });
  const { NetworkSettings } = await container.inspect();
  const { IPAddress = "", Gateway = "" } = NetworkSettings.Networks.bridge ?? {};
  return {
    address: IPAddress,
    gateway: Gateway,
    received: () => received,
    async [Symbol.asyncDispose]() {
      stop();
      await container.remove({ force: true, v: true });
    },
  };
}
