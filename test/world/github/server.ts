import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Reply } from "./call.ts";
import { answerFault, type Faults, lag } from "./faults.ts";
import { type GitAnswer, type GitRequest, gitRequest } from "./git-http.ts";

/** One request to the API or to git, as it was answered; 0 is a cut connection. */
export interface SeenRequest {
  readonly method: string;
  /** Without the API's prefix and without the query. */
  readonly path: string;
  readonly query: string;
  readonly status: number;
  readonly at: string;
}

export interface Surfaces {
  readonly api: (request: IncomingMessage, url: URL) => Promise<Reply>;
  readonly git: (request: IncomingMessage, wanted: GitRequest) => Promise<GitAnswer>;
  /** Everything a browser asks for. */
  readonly page: (url: URL) => Promise<Reply>;
}

interface Watching {
  readonly faults: Faults;
  readonly stopping: AbortSignal;
  seen(request: SeenRequest): void;
}

const API = "/api/v3";
const API_AT_ROOT = /^\/(repos|app|installation|rate_limit|users)(\/|$)/;

/** The path inside the API, which answers under its prefix and without. */
function apiPath(pathname: string): string | undefined {
  if (pathname.startsWith(`${API}/`)) return pathname.slice(API.length);
  return API_AT_ROOT.test(pathname) ? pathname : undefined;
}

function send(response: ServerResponse, reply: Reply): void {
  const { body, status, headers } = reply;
  const raw = typeof body === "string" || body instanceof Uint8Array;
  const type = raw ? "text/plain; charset=utf-8" : "application/json; charset=utf-8";
  response.writeHead(status, {
    ...(body === undefined ? {} : { "content-type": type }),
    ...headers,
  });
  response.end(raw || body === undefined ? body : JSON.stringify(body));
}

/** Listens on this machine and hands each request to the surface it is for. */
export async function listen(
  surfaces: () => Surfaces,
  watching: Watching,
  port: number,
): Promise<{ server: Server; url: string }> {
  async function watched(
    request: IncomingMessage,
    response: ServerResponse,
    at: { path: string; url: URL; answer: () => Promise<Reply> },
  ): Promise<void> {
    const method = request.method ?? "GET";
    const fault = watching.faults.take(method, at.path);
    const seen = (status: number) =>
      watching.seen({
        method,
        path: at.path,
        query: at.url.search,
        status,
        at: new Date().toISOString(),
      });
    await lag(fault, watching.stopping);
    if (fault?.kind === "status") {
      request.resume();
      return seen(answerFault(fault, response));
    }
    const reply = await at.answer();
    if (fault?.kind === "after") return seen(answerFault(fault, response));
    seen(reply.status);
    send(response, reply);
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://emulator");
    const path = apiPath(url.pathname);
    const wanted = gitRequest(url);
    const { api, git, page } = surfaces();
    if (path !== undefined) {
      const inside = new URL(`${path}${url.search}`, "http://emulator");
      return watched(request, response, { path, url, answer: () => api(request, inside) });
    }
    if (wanted !== undefined) {
      const answer = () => git(request, wanted);
      return watched(request, response, { path: url.pathname, url, answer });
    }
    send(response, await page(url));
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else send(response, { status: 500, body: { message: String(error) } });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const { port: taken } = server.address() as AddressInfo;
  return { server, url: `http://127.0.0.1:${taken}` };
}
