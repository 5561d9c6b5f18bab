import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text as readText } from "node:stream/consumers";
import type { Refusal, Said, Wire, WireRequest } from "./wire.ts";

/** What the server does with one request. */
export type WireTurn =
  | { readonly say: Said; readonly chunkBytes?: number }
  /** Begins a reply and falls silent. */
  | { readonly stall: Said; readonly hungUp?: () => void }
  /** Begins a reply and breaks the connection. */
  | { readonly cut: Said }
  | { readonly hang: true; readonly hungUp?: () => void }
  /** Sent with status 200 as it is. */
  | { readonly raw: string; readonly type?: string }
  /** Sends bytes until the client goes away. */
  | { readonly endless: string; readonly status: number; readonly type?: string }
  | Refusal;

export interface WireServer extends AsyncDisposable {
  /** Without a path. */
  readonly url: string;
  readonly requests: readonly WireRequest[];
  readonly mistakes: readonly string[];
}

const STREAM = "text/event-stream; charset=utf-8";

/** Serves one wire on the loopback interface until disposed. */
export async function startWireServer(
  wire: Wire,
  script: (index: number) => WireTurn,
): Promise<WireServer> {
  const requests: WireRequest[] = [];
  const mistakes: string[] = [];
  const server = createServer(async (request, response) => {
    response.on("error", () => {});
    try {
      const seen = await seenIn(request);
      requests.push(seen);
      const found = wire.mistakes(seen);
      mistakes.push(...found);
      const turn = script(requests.length - 1);
      await act(wire, found[0] ? wire.refusal("bad-request", found[0]) : turn, response);
    } catch (error) {
      // A client that went away is no fault of anybody.
      if (!response.destroyed) mistakes.push(String(error));
      response.destroy();
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // A TCP server's address is never a pipe's name.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    mistakes,
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function seenIn(request: IncomingMessage): Promise<WireRequest> {
  const text = await readText(request);
  let body: unknown = text;
  try {
    body = JSON.parse(text);
  } catch {
    // Seen as it is.
  }
  return { path: request.url ?? "", headers: request.headers, body };
}

async function act(wire: Wire, turn: WireTurn, response: ServerResponse): Promise<void> {
  if ("hungUp" in turn && turn.hungUp) response.on("close", turn.hungUp);
  if ("hang" in turn) return;
  if ("endless" in turn) return await endless(turn, response);
  if ("status" in turn) {
    const text = typeof turn.body === "string" ? turn.body : JSON.stringify(turn.body);
    const headers = { "content-type": "application/json", ...turn.headers };
    response.writeHead(turn.status, headers).end(text);
    return;
  }
  response.writeHead(200, { "content-type": ("type" in turn && turn.type) || STREAM });
  if ("raw" in turn) {
    response.end(turn.raw);
    return;
  }
  if ("say" in turn) {
    await write(response, Buffer.from(wire.stream(turn.say)), turn.chunkBytes);
    response.end();
    return;
  }
  const bytes = Buffer.from(wire.stream("stall" in turn ? turn.stall : turn.cut));
  await write(response, bytes.subarray(0, bytes.length / 2));
  if ("cut" in turn) response.destroy();
}

/** In pieces that care for no character: a reader must join bytes before it decodes them. */
async function write(response: ServerResponse, bytes: Buffer, chunkBytes?: number): Promise<void> {
  const size = chunkBytes ?? Math.max(61, Math.ceil(bytes.length / 300));
  for (let at = 0; at < bytes.length && !response.destroyed; at += size) {
    await new Promise<void>((resolve, reject) => {
      // One piece a turn of the event loop, or the reader's side would join them again.
      const sent = (error: unknown) => (error ? reject(error) : setImmediate(resolve));
      response.write(bytes.subarray(at, at + size), sent);
    });
  }
}

async function endless(
  turn: { endless: string; status: number; type?: string },
  response: ServerResponse,
): Promise<void> {
  response.writeHead(turn.status, { "content-type": turn.type ?? STREAM });
  const bytes = Buffer.from(turn.endless.repeat(Math.ceil(65_536 / turn.endless.length)));
  while (!response.destroyed) {
    await new Promise<void>((resolve) => response.write(bytes, () => setImmediate(resolve)));
  }
}
