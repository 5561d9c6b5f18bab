import { timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { NexusError } from "../core/errors.ts";
import { messagePage } from "./pages.ts";

const CALLBACK = "/registered";
const CODE = /^[A-Za-z0-9_-]{1,200}$/;

interface LocalPageOptions {
  /** What only our own form knows; an answer without it is somebody else's. */
  readonly state: string;
  /** The form, for the address GitHub is to send the browser back to. */
  readonly form: (callback: string) => string;
}

export interface LocalPage extends AsyncDisposable {
  readonly url: string;
  /** The code GitHub sent the browser back with. Rejects with the signal's reason. */
  code(signal: AbortSignal): Promise<string>;
}

/** A page on this machine only: shows the form, takes the way back. What does not fit is refused, and it goes on waiting. */
export async function openLocalPage({ state, form }: LocalPageOptions): Promise<LocalPage> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", origin);
    // A foreign name that leads here would let its page read the state.
    if (request.headers.host !== new URL(origin).host) return show(response, 403, "Not this page.");
    if (request.method !== "GET") return show(response, 405, "Only to be looked at.");
    if (url.pathname === "/") return html(response, 200, form(`${origin}${CALLBACK}`));
    if (url.pathname !== CALLBACK) return show(response, 404, "There is no such page.");
    const { code, problem } = codeFrom(url.searchParams, state);
    if (code === undefined) return show(response, 400, problem);
    // The browser has its answer before the server goes.
    response.once("close", () => resolve(code));
    show(response, 200, "GitHub registered the App. Go on in the terminal.");
  });
  await new Promise<void>((ready, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", ready);
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `${origin}/`,
    code: (signal) => Promise.race([promise, whenStopped(signal)]),
    async [Symbol.asyncDispose]() {
      await new Promise<void>((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      });
    },
  };
}

type FromGitHub = { code: string; problem?: never } | { code?: undefined; problem: string };

function codeFrom(query: URLSearchParams, state: string): FromGitHub {
  if (!same(query.get("state") ?? "", state))
    return { problem: "This is not the answer to this form. Open the first page again." };
  const code = query.get("code") ?? "";
  return CODE.test(code)
    ? { code }
    : { problem: "GitHub sent no code. Open the first page again." };
}

function same(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function whenStopped(signal: AbortSignal): Promise<never> {
  const stopped = () =>
    new NexusError("aborted", "Nobody registered an App; nothing was written.", {
      hint: "Run npm run setup again when you are ready.",
      cause: signal.reason,
    });
  if (signal.aborted) return Promise.reject(stopped());
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(stopped()), { once: true });
  });
}

function show(response: ServerResponse<IncomingMessage>, status: number, text: string): void {
  html(response, status, messagePage(text));
}

function html(response: ServerResponse<IncomingMessage>, status: number, body: string): void {
  response
    .writeHead(status, {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy":
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
      "referrer-policy": "no-referrer",
      "cache-control": "no-store",
      connection: "close",
    })
    .end(body);
}
