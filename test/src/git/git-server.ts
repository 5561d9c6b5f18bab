import { spawn } from "node:child_process";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** git's own smart HTTP server over one folder, with a password and a fault or two. */
export interface GitServer {
  readonly url: string;
  /** `Authorization` headers as they came. */
  readonly seen: (string | undefined)[];
}

/** What goes wrong. Returns true when it has answered the request itself. */
export type Fault = (request: IncomingMessage, response: ServerResponse) => boolean;

/** Serves the bare repositories of a folder until the test ends. */
export async function gitServer(
  root: string,
  options: { token: string; fault?: Fault },
): Promise<GitServer> {
  const seen: (string | undefined)[] = [];
  const password = `Basic ${Buffer.from(`x-access-token:${options.token}`).toString("base64")}`;
  const server = createServer((request, response) => {
    const { authorization } = request.headers;
    seen.push(authorization);
    if (options.fault?.(request, response)) return;
    if (authorization !== password) {
      response.writeHead(401, { "www-authenticate": 'Basic realm="git"' }).end();
    } else serve(root, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, seen };
}

/** Hands one request to `git http-backend` and copies its answer. */
export function serve(root: string, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? "/", "http://localhost");
  const child = spawn("git", ["http-backend"], {
    env: {
      PATH: process.env.PATH,
      HOME: "/dev/null",
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: "1",
      PATH_INFO: decodeURIComponent(url.pathname),
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers["content-type"],
      HTTP_CONTENT_ENCODING: request.headers["content-encoding"],
      GIT_PROTOCOL: request.headers["git-protocol"]?.toString(),
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: "http.receivepack",
      GIT_CONFIG_VALUE_0: "true",
    },
  });
  request.pipe(child.stdin);
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  child.on("close", () => {
    const answer = Buffer.concat(chunks);
    const end = answer.indexOf("\r\n\r\n");
    const headers = answer
      .subarray(0, end)
      .toString()
      .split("\r\n")
      .map((line) => line.split(": "));
    const status = headers.find(([name]) => name === "Status")?.[1] ?? "200";
    if (response.destroyed) return;
    response.writeHead(
      Number.parseInt(status, 10),
      Object.fromEntries(headers.filter(([name]) => name !== "Status")),
    );
    response.end(answer.subarray(end + 4));
  });
}
