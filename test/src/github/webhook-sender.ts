import { createHmac } from "node:crypto";
import { once } from "node:events";
import { request } from "node:http";
import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import examples from "@octokit/webhooks-examples" with { type: "json" };

export const SECRET = "5f1c9a7be2d04863a1f5c7d9e8b60342";
export const DELIVERY = "72d3162e-cc78-11e3-81ab-4c9367dc0958";

type Payload = Readonly<Record<string, unknown>>;

/** The first example that GitHub's users gave of this event, and of this action where one is named. */
export function exampleOf(name: string, action?: string): Payload {
  // The package is typed as a module of its own making.
  const events = examples as unknown as readonly { name: string; examples: readonly Payload[] }[];
  const known = events.find((event) => event.name === name)?.examples ?? [];
  const found = known.find((payload) => action === undefined || payload.action === action);
  if (!found) throw new Error(`There is no example of ${name} ${action ?? ""}.`);
  return found;
}

/** Signed like GitHub does. */
export function signature(body: string | Buffer, secret = SECRET, algorithm = "sha256"): string {
  return `${algorithm}=${createHmac(algorithm, secret).update(body).digest("hex")}`;
}

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The headers of a good delivery of this body. */
export function headersOf(body: string | Buffer, event = "ping"): Headers {
  return {
    "content-type": "application/json",
    "x-github-delivery": DELIVERY,
    "x-github-event": event,
    "x-hub-signature-256": signature(body),
  };
}

interface Sent {
  readonly body: string | Buffer;
  readonly event?: string;
  /** Over those of a good delivery; undefined leaves one out, a list sends it several times. */
  readonly headers?: Headers;
  readonly method?: string;
}

/** Sends a delivery as one piece; a good one where nothing else is said. */
export async function send(url: string, sent: Sent): Promise<{ status: number; text: string }> {
  const { body, event, method = "POST" } = sent;
  const headers = { ...headersOf(body, event), ...sent.headers };
  const raw = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().flatMap((one) => [name, one]),
  );
  const length = ["content-length", String(Buffer.byteLength(body))];
  const host = ["host", new URL(url).host];
  const call = request(url, { method, headers: [...host, ...raw, ...length], agent: false });
  call.end(body);
  const [answer] = await once(call, "response");
  return { status: answer.statusCode, text: await text(answer) };
}

/** A connection of its own, to send what no client would. */
export interface RawConnection {
  readonly socket: Socket;
  /** Everything that was answered so far. */
  answered(): string;
  /** Resolves when the server closed it, to all that was answered. */
  readonly closed: Promise<string>;
}

/** Connects; a connection that breaks off is a closed one. */
export async function connectTo(url: string): Promise<RawConnection> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let received = "";
  socket.setEncoding("utf8").on("data", (data: string) => {
    received += data;
  });
  socket.on("error", () => undefined);
  const closed = new Promise<string>((resolve) => socket.on("close", () => resolve(received)));
  await once(socket, "connect");
  return { socket, answered: () => received, closed };
}

/** The head of a request as it goes over the wire. */
export function head(path: string, headers: Headers, method = "POST"): string {
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().map((one) => `${name}: ${one}`),
  );
  return [`${method} ${path} HTTP/1.1`, "host: nexus", ...lines, "", ""].join("\r\n");
}
