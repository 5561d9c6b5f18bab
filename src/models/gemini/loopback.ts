import { timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { NexusError } from "../../core/errors.ts";
import { modelError } from "../provider-error.ts";

const PATIENCE_MS = 600_000;

/** A place on this machine that a browser brings a code to. */
export interface Listening extends AsyncDisposable {
  readonly url: string;
  /** Rejects with `model.auth` where the person declined or took too long. */
  readonly code: Promise<string>;
}

/** Listens until disposed. Whoever does not know the state is told nothing and changes nothing. */
export async function listenForCode(state: string, signal: AbortSignal): Promise<Listening> {
  signal.throwIfAborted();
  const { promise: code, resolve, reject } = Promise.withResolvers<string>();
  // Looked at by whoever waits, perhaps later.
  code.catch(() => {});
  const server = createServer((request, response) => {
    const found = answerTo(request, state);
    respond(response, found);
    if ("code" in found) resolve(found.code);
    if ("declined" in found) reject(declined(found.declined));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const stop = () => reject(new NexusError("aborted", "The sign-in was stopped."));
  signal.addEventListener("abort", stop, { once: true });
  const timer = setTimeout(() => reject(declined("nobody signed in")), PATIENCE_MS);
  // A TCP server's address is never a pipe's name.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    code,
    async [Symbol.asyncDispose]() {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
      const closed = once(server, "close");
      server.close();
      // The browser keeps its connection; the page it is to show is out.
      server.closeIdleConnections();
      setTimeout(() => server.closeAllConnections(), 1000).unref();
      await closed;
    },
  };
}

type Found =
  | { readonly code: string }
  | { readonly declined: string }
  | { readonly status: number };

function answerTo({ method, url = "" }: IncomingMessage, state: string): Found {
  const asked = URL.parse(url, "http://127.0.0.1");
  if (method !== "GET" || asked?.pathname !== "/") return { status: 404 };
  const { searchParams } = asked;
  if (!isSame(searchParams.get("state") ?? "", state)) return { status: 400 };
  const code = searchParams.get("code");
  return code ? { code } : { declined: searchParams.get("error") ?? "no code" };
}

function isSame(given: string, state: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(state)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function respond(response: ServerResponse, found: Found): void {
  const headers = { "content-type": "text/plain; charset=utf-8", connection: "close" };
  const status = "status" in found ? found.status : 200;
  response.writeHead(status, headers).end(textOf(found));
}

function textOf(found: Found): string {
  if ("code" in found) return "You are signed in. You can close this page.\n";
  return "declined" in found ? "You did not sign in. You can close this page.\n" : "No.\n";
}

function declined(why: string): NexusError {
  return modelError("model.auth", `The sign-in at Google did not succeed: ${why}`);
}
