import { once } from "node:events";
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text as readText } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { ChatRequest } from "./chat-wire.ts";
import { completion, plainBody, streamBody } from "./completion.ts";
import type { Answer, Script, Turn } from "./script.ts";
import { askingAgent } from "./script.ts";

/** What came in, also when it was refused. */
interface SeenRequest {
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

/** A running model server that does what its script says. */
export interface ScriptedModel extends AsyncDisposable {
  /** Base URL, ending in /v1. */
  readonly url: string;
  readonly requests: readonly SeenRequest[];
  /** Requests that OpenAI would refuse, and turns the script did not have. A good client leaves it empty. */
  readonly violations: readonly string[];
}

interface Stage {
  readonly script: Script;
  readonly requests: SeenRequest[];
  readonly violations: string[];
  readonly closing: AbortSignal;
  answered: number;
}

/** Serves OpenAI's Chat Completions over HTTP on the loopback interface until disposed. */
export async function startScriptedModel(
  script: Script,
  options: { readonly port?: number } = {},
): Promise<ScriptedModel> {
  const closing = new AbortController();
  const stage: Stage = {
    script,
    requests: [],
    violations: [],
    closing: closing.signal,
    answered: 0,
  };
  const server = createServer((request, response) => {
    handle(stage, request, response).catch((error: unknown) => {
      // A client that went away is no fault of the script.
      if (!response.destroyed && !closing.signal.aborted) stage.violations.push(String(error));
      response.destroy();
    });
  });
  server.listen(options.port ?? 0, "127.0.0.1");
  await once(server, "listening");
  // A TCP server's address is never a pipe's name.
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}/v1`,
    requests: stage.requests,
    violations: stage.violations,
    async [Symbol.asyncDispose]() {
      if (closing.signal.aborted) return;
      closing.abort();
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function handle(stage: Stage, request: IncomingMessage, response: ServerResponse) {
  const route = `${request.method} ${request.url}`;
  if (route === "GET /v1/models") {
    const data = [{ id: "scripted", object: "model", created: 0, owned_by: "nexus" }];
    sendJson(response, 200, { object: "list", data });
    return;
  }
  if (route !== "POST /v1/chat/completions") {
    stage.violations.push(`No such route: ${route}`);
    sendJson(response, 404, wireError(404, `Invalid URL (${route})`));
    return;
  }
  const body = parsed(await readText(request));
  stage.requests.push({ headers: request.headers, body });
  await answer(stage, { headers: request.headers, body }, response);
}

async function answer(stage: Stage, seen: SeenRequest, response: ServerResponse) {
  if (!/^Bearer \S+$/.test(seen.headers.authorization ?? "")) {
    refuse(stage, response, [401, "You didn't provide an API key."]);
    return;
  }
  const { data: body, error } = ChatRequest.safeParse(seen.body);
  if (error) {
    refuse(stage, response, [400, z.prettifyError(error)]);
    return;
  }
  const index = stage.answered++;
  let turn: Turn;
  try {
    turn = await stage.script({ index, body, agent: askingAgent(body) });
  } catch (thrown) {
    refuse(stage, response, [400, `The script has no answer: ${String(thrown)}`]);
    return;
  }
  if ("hang" in turn) return;
  if ("status" in turn) {
    const given = turn.body ?? wireError(turn.status, "The script says so.");
    sendJson(response, turn.status, given, turn.headers);
    return;
  }
  await sendBody(stage, { turn, body, index }, response);
}

interface Reply {
  readonly turn: Exclude<Turn, { status: number } | { hang: true }>;
  readonly body: ChatRequest;
  readonly index: number;
}

async function sendBody(stage: Stage, { turn, body, index }: Reply, response: ServerResponse) {
  const streaming = body.stream === true;
  const type = streaming ? "text/event-stream; charset=utf-8" : "application/json";
  if ("raw" in turn) {
    response.writeHead(200, { "content-type": turn.type ?? type }).end(turn.raw);
    return;
  }
  const cut = "cut" in turn;
  const said: Answer = cut ? { text: "This sentence will never be finished." } : turn;
  if (said.delayMs) await delay(said.delayMs, undefined, { signal: stage.closing });

  const whole = completion(said, body, index);
  const includeUsage = body.stream_options?.include_usage === true;
  const text = streaming ? streamBody(whole, includeUsage) : plainBody(whole);
  response.writeHead(200, { "content-type": type, "cache-control": "no-cache" });
  const bytes = Buffer.from(text);
  await write(response, cut ? bytes.subarray(0, bytes.length / 2) : bytes);
  if (cut) response.destroy();
  else response.end();
}

/** In pieces that care for no character: a reader must join bytes before it decodes them. */
async function write(response: ServerResponse, bytes: Buffer) {
  const size = Math.max(61, Math.ceil(bytes.length / 300));
  for (let at = 0; at < bytes.length; at += size) {
    const piece = bytes.subarray(at, at + size);
    await new Promise<void>((resolve, reject) => {
      // One piece a turn of the event loop, or the reader's side would join them again.
      response.write(piece, (error) => (error ? reject(error) : setImmediate(resolve)));
    });
  }
}

function refuse(stage: Stage, response: ServerResponse, [status, why]: [number, string]) {
  stage.violations.push(why);
  sendJson(response, status, wireError(status, why));
}

function sendJson(
  response: ServerResponse,
  status: number,
  ...[body, headers = {}]: [unknown, Record<string, string>?]
) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(text);
}

const TYPES: Readonly<Record<number, readonly [type: string, code: string | null]>> = {
  401: ["invalid_request_error", "invalid_api_key"],
  404: ["invalid_request_error", "unknown_url"],
  429: ["requests", "rate_limit_exceeded"],
};

/** The error object OpenAI sends with a status. */
function wireError(status: number, message: string) {
  const usual = status >= 500 ? "server_error" : "invalid_request_error";
  const [type, code] = TYPES[status] ?? [usual, null];
  return { error: { message, type, param: null, code } };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
