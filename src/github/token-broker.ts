import { timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { z } from "zod";
import { NexusError } from "../core/errors.ts";
import type { Lease } from "../core/record.ts";

const Ask = z.strictObject({ taskId: z.string().min(1).max(200), epoch: z.number().int() });
const Answer = z.object({ token: z.string().min(1) });
const Refusal = z.object({ error: z.string() });

interface BrokerOptions {
  readonly url: string;
  /** Shared with the workers; at least 32 characters. */
  readonly key: string;
  /** A read token for the task's repository, or undefined when the lease is not the newest. */
  readonly mint: (lease: Lease) => Promise<string | undefined>;
}

/** Hands read tokens to workers, one repository each, while they hold the task. The key of the App stays here. */
export async function startTokenBroker(options: BrokerOptions): Promise<AsyncDisposable> {
  const server = createServer((request, response) => {
    handle(request, options).then(
      ([status, body]) => send(response, status, body),
      (error) => send(response, ...refusalFor(error)),
    );
  });
  const { hostname, port } = new URL(options.url);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(Number(port || 80), hostname.replace(/^\[|\]$/g, ""), resolve);
  });
  return {
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function handle(
  request: IncomingMessage,
  options: BrokerOptions,
): Promise<[number, unknown]> {
  if (!sameKey(request.headers.authorization ?? "", `Bearer ${options.key}`)) {
    return [401, { error: "wrong key" }];
  }
  if (request.method === "GET") return [200, {}];
  const ask = Ask.safeParse(await readJson(request));
  if (!ask.success) return [400, { error: "taskId and epoch are needed" }];
  const token = await options.mint(ask.data);
  return token === undefined ? [409, { error: "the lease is not current" }] : [200, { token }];
}

/** GitHub's final no is told apart from what may be gone at the next try. */
function refusalFor(error: unknown): [number, unknown] {
  if (!(error instanceof NexusError)) return [502, { error: "no token to be had" }];
  return [error.retryable ? 502 : 403, { error: error.message }];
}

function sameKey(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = "";
  for await (const chunk of request) {
    text += chunk;
    if (text.length > 10_000) return undefined;
  }
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  // Whoever is refused may still be sending.
  if (status !== 200) response.setHeader("connection", "close");
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

/**
 * The worker's side, once at its start: false when no broker answers yet. Throws `config.invalid` where the
 * broker does not know our key.
 */
export async function reachesBroker(broker: { url: string; key: string }): Promise<boolean> {
  const response = await fetch(broker.url, {
    headers: { authorization: `Bearer ${broker.key}` },
    signal: AbortSignal.timeout(5_000),
  }).catch(() => undefined);
  await response?.body?.cancel();
  if (response?.status !== 401) return response?.ok ?? false;
  throw new NexusError("config.invalid", "- BROKER_KEY: the token broker does not know it", {
    hint: "Give the workers and the publisher the same BROKER_KEY.",
  });
}

/** The worker is set up wrongly, which is no fault of the task's. */
function wrongKey(): NexusError {
  return new NexusError("github.refused", "The token broker answered 401: wrong key", {
    hint: "Give the workers and the publisher the same BROKER_KEY.",
    retryable: true,
  });
}

/** The worker's side: a read token for the repository of the task it holds. */
export async function askForToken(
  broker: { url: string; key: string },
  lease: Lease,
): Promise<string> {
  const response = await fetch(broker.url, {
    method: "POST",
    headers: { authorization: `Bearer ${broker.key}`, "content-type": "application/json" },
    body: JSON.stringify(lease),
    signal: AbortSignal.timeout(20_000),
  }).catch(() => undefined);
  if (!response) {
    const hint = "Is the publisher running, and does BROKER_URL name it?";
    throw new NexusError("github.unreachable", "The token broker does not answer.", {
      hint,
      retryable: true,
    });
  }
  if (response.status === 401) throw wrongKey();
  if (response.status === 409)
    throw new NexusError("task.lease-lost", "Another worker holds the task.");
  const said: unknown = await response.json().catch(() => undefined);
  const answer = Answer.safeParse(said);
  if (response.ok && answer.success) return answer.data.token;
  const reason = Refusal.safeParse(said).data?.error;
  throw new NexusError(
    "github.refused",
    `The token broker answered ${response.status}${reason ? `: ${reason}` : "."}`,
    { retryable: response.status >= 500 },
  );
}
