import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { refsOf } from "../github/git.ts";
import {
  CHALLENGE,
  type GitAnswer,
  type GitRequest,
  gitRequest,
  password,
  plain,
  runBackend,
} from "../github/git-http.ts";
import { carryBranch } from "./carry-branch.ts";
import { type Rest, restAt } from "./rest.ts";

/** One request of ours, and what came back. */
interface Answered {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly answer: string;
}

/** Requests by what they ask. */
interface Match {
  readonly method: string;
  readonly path: RegExp;
}

interface Front extends AsyncDisposable {
  readonly url: string;
  readonly answered: readonly Answered[];
  /** The next request of this kind is carried out, and its answer never arrives. */
  readonly loseAnswer: (match: Match) => void;
}

const API = "/api/v3";
/** Headers that belong to one connection, or to the encoding that fetch has undone. */
const OWN_HEADERS = [
  "connection",
  "content-encoding",
  "content-length",
  "host",
  "keep-alive",
  "transfer-encoding",
];

/**
 * Stands where a GitHub would: REST goes to the emulator as it is, git to git's own backend. May a
 * token read or write, the emulator says; what was pushed is told to it under the token that pushed.
 */
export async function startFront(at: {
  readonly emulatorUrl: string;
  readonly folderOf: (repo: string) => string;
}): Promise<Front> {
  const answered: Answered[] = [];
  const losses: Match[] = [];
  const isLost = (method: string, path: string) => {
    const at = losses.findIndex((loss) => loss.method === method && loss.path.test(path));
    return at >= 0 && losses.splice(at, 1).length > 0;
  };
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? "/", "http://front");
    const wanted = gitRequest(url);
    if (wanted) {
      const answer = await answerGit(request, wanted, at);
      response.writeHead(answer.status, answer.headers).end(answer.body);
      return;
    }
    if (!url.pathname.startsWith(`${API}/`)) {
      response.writeHead(404).end("Only the API and git are served here.");
      return;
    }
    const path = url.pathname.slice(API.length);
    const method = request.method ?? "GET";
    const { status, headers, body } = await forward(
      request,
      `${at.emulatorUrl}${path}${url.search}`,
    );
    answered.push({ method, path, status, answer: body.toString() });
    if (isLost(method, path)) response.destroy();
    else response.writeHead(status, headers).end(body);
  };
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500);
      response.end(String(error));
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  // A TCP server's address is never a pipe's name.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    answered,
    loseAnswer: (match) => void losses.push(match),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function forward(request: IncomingMessage, url: string) {
  const sent = await buffer(request);
  const headers = Object.entries(request.headers).flatMap(([name, value]) =>
    typeof value === "string" && !OWN_HEADERS.includes(name) ? [[name, value] as const] : [],
  );
  const answer = await fetch(url, {
    method: request.method ?? "GET",
    headers: Object.fromEntries(headers),
    ...(sent.length > 0 && { body: new Uint8Array(sent) }),
    redirect: "manual",
    signal: AbortSignal.timeout(20_000),
  });
  const body = Buffer.from(await answer.arrayBuffer());
  const kept = [...answer.headers].filter(([name]) => !OWN_HEADERS.includes(name));
  return { status: answer.status, headers: Object.fromEntries(kept), body };
}

async function answerGit(
  request: IncomingMessage,
  wanted: GitRequest,
  at: Parameters<typeof startFront>[0],
): Promise<GitAnswer> {
  const token = password(request.headers.authorization);
  if (token === undefined) return plain(401, "No anonymous access.", CHALLENGE);
  const repo = `${wanted.owner}/${wanted.name}`;
  const rest = restAt(at.emulatorUrl, token);
  const writes = [wanted.service, wanted.query.get("service")].includes("git-receive-pack");
  if (!(await may(rest, repo, writes))) return plain(403, "The emulator does not let this token.");
  const folder = at.folderOf(repo);
  const before = await refsOf(folder);
  const answer = await runBackend(request, wanted, { folder });
  if (request.method !== "POST" || !writes) return answer;
  for (const [ref, head] of await refsOf(folder)) {
    const name = ref.replace("refs/heads/", "");
    if (before.get(ref) === head || name === ref) continue;
    await carryBranch(rest, repo, { folder, name, before: before.get(ref), head });
  }
  return answer;
}

/** The emulator has no question for it, so the token tries the smallest thing that needs the right. */
async function may(rest: Rest, repo: string, write: boolean): Promise<boolean> {
  const { status } = write
    ? await rest("POST", `/repos/${repo}/git/blobs`, { content: "" })
    : await rest("GET", `/repos/${repo}/git/matching-refs/heads`);
  return status < 300;
}
