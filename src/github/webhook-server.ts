import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Logger } from "pino";
import type { ReceiveDelivery } from "./webhook-receiver.ts";

/** Where GitHub delivers; Probot's customary path, so existing App registrations fit. */
export const WEBHOOK_PATH = "/api/github/webhooks";

interface Options {
  readonly host: string;
  readonly port: number;
  readonly receive: ReceiveDelivery;
  /** True while deliveries can be kept. */
  readonly healthy: () => Promise<boolean>;
  readonly log: Logger;
  /** Bytes; GitHub itself never sends more than 25 MB. */
  readonly maxBytes?: number;
  readonly deadlineMs?: number;
  /** How long a request may take to arrive, and a drain to end. */
  readonly requestTimeoutMs?: number;
}

export interface WebhookServer {
  readonly url: string;
  /** Stops accepting, lets requests under way finish, then closes; whoever is too slow is cut off. */
  drain(): Promise<void>;
}

/** Answers 2xx only when the delivery is kept; 503 after the deadline, so that GitHub shows it as failed. */
export async function startWebhookServer(options: Options): Promise<WebhookServer> {
  const { host, log, requestTimeoutMs = 10_000 } = options;
  const limits = {
    requestTimeout: requestTimeoutMs,
    headersTimeout: requestTimeoutMs / 2,
    // Node looks for slow senders only this often.
    connectionsCheckingInterval: requestTimeoutMs / 10,
  };
  const server = createServer(limits, (request, response) => {
    route(request, response, options).catch((error) => {
      // Whoever hung up has no answer to get, and it is not our trouble.
      if (request.readableAborted) return;
      log.error({ err: error }, "webhook request failed");
      answer(response, 503, "not kept, deliver again");
    });
  });
  await listening(server, options);
  const { port } = server.address() as AddressInfo;
  const name = host.includes(":") ? `[${host}]` : host;
  return { url: `http://${name}:${port}`, drain: () => drained(server, requestTimeoutMs) };
}

async function route(
  request: IncomingMessage,
  response: ServerResponse,
  options: Options,
): Promise<void> {
  const [path] = (request.url ?? "/").split("?", 1);
  if (path === "/health" && request.method === "GET") {
    const healthy = await options.healthy();
    return answer(response, healthy ? 200 : 503, healthy ? "ok" : "the store does not answer");
  }
  if (path !== WEBHOOK_PATH) return refuse(request, response, 404, "not found");
  if (request.method !== "POST") return refuse(request, response, 405, "POST only");
  await acceptDelivery(request, response, options);
}

async function acceptDelivery(
  request: IncomingMessage,
  response: ServerResponse,
  options: Options,
): Promise<void> {
  const { maxBytes = 25_000_000, deadlineMs = 2_000 } = options;
  const head = headersOf(request);
  if (!head) return refuse(request, response, 400, "not a GitHub delivery");
  if (!/^application\/json\s*(;|$)/i.test(request.headers["content-type"] ?? "")) {
    return refuse(request, response, 415, "application/json only");
  }
  const announced = Number(request.headers["content-length"] ?? 0);
  const body = announced > maxBytes ? undefined : await readBody(request, maxBytes);
  if (body === undefined) return refuse(request, response, 413, `at most ${maxBytes} bytes`);

  const receipt = await before(deadlineMs, options.receive({ ...head, body }));
  if (receipt === "received") return answer(response, 200, "kept");
  if (receipt === "late") return answer(response, 503, "not kept in time, deliver again");
  answer(response, receipt === "bad-json" ? 400 : 401, receipt);
}

function headersOf(request: IncomingMessage) {
  const id = single(request.headers["x-github-delivery"]);
  const name = single(request.headers["x-github-event"]);
  const signature = single(request.headers["x-hub-signature-256"]);
  if (!id || !name || !/^[A-Za-z0-9-]{1,100}$/.test(id) || !/^[a-z_]{1,60}$/.test(name)) return;
  return { id, name, signature: signature ?? "" };
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? undefined : value;
}

/** Undefined when there is more than `maxBytes`; what comes after is not kept in memory. */
async function readBody(request: IncomingMessage, maxBytes: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Late is not lost: what arrives after the deadline is kept all the same, and a redelivery finds it known. */
function before<T>(ms: number, result: Promise<T>): Promise<T | "late"> {
  const { promise, resolve } = Promise.withResolvers<"late">();
  const timer = setTimeout(() => resolve("late"), ms);
  return Promise.race([result, promise]).finally(() => clearTimeout(timer));
}

/** Answers without reading on; the connection is closed since the rest of the body is unread. */
function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  ...[status, text]: [number, string]
): void {
  response.setHeader("connection", "close");
  answer(response, status, text);
  response.once("finish", () => request.destroy());
}

function answer(response: ServerResponse, status: number, text: string): void {
  if (response.headersSent) return;
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8" }).end(`${text}\n`);
}

function listening(server: Server, at: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(at.port, at.host, resolve);
  });
}

async function drained(server: Server, patienceMs: number): Promise<void> {
  // A closed server no longer looks for slow senders, and keeps connections that fall idle later.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  const cut = setTimeout(() => server.closeAllConnections(), patienceMs);
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  clearInterval(sweep);
  clearTimeout(cut);
}
