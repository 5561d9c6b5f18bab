import { spawn } from "node:child_process";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { join } from "node:path";
import { createGunzip } from "node:zlib";
import { allows, callerOf, openRepository } from "./access.ts";
import { type Caller, Refusal } from "./call.ts";
import { GIT_ENV } from "./git.ts";
import type { Account, Repository, State } from "./state.ts";

export interface GitAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

export interface GitRequest {
  readonly owner: string;
  readonly name: string;
  /** `info/refs`, `git-upload-pack` or `git-receive-pack`. */
  readonly service: string;
  readonly query: URLSearchParams;
}

/** Runs before a push is taken when the token may not touch workflows; GitHub's words. */
const WORKFLOW_GUARD = `#!/bin/sh
while read -r _ new _; do
  case $new in 0000000000000000000000000000000000000000) continue ;; esac
  path=$(git log --format= --name-only "$new" --not --all -- .github/workflows | head -n 1)
  test -z "$path" && continue
  echo "refusing to allow a GitHub App to create or update workflow \\\`$path\\\` without \\\`workflows\\\` permission" >&2
  exit 1
done
`;

/** Writes the hook that guards workflows; returns its folder. */
export async function writeGuard(folder: string): Promise<string> {
  const hooks = join(folder, ".workflow-guard");
  await mkdir(hooks, { recursive: true });
  await writeFile(join(hooks, "pre-receive"), WORKFLOW_GUARD);
  await chmod(join(hooks, "pre-receive"), 0o755);
  return hooks;
}

/** The request behind a git URL, if it is one. */
export function gitRequest(url: URL): GitRequest | undefined {
  const match =
    /^\/([^/]+)\/([^/]+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/.exec(
      url.pathname,
    );
  const [, owner, name, service] = match ?? [];
  if (owner === undefined || name === undefined || service === undefined) return undefined;
  return { owner, name, service, query: url.searchParams };
}

/** The token in a git client's basic authentication, if there is one. */
export function password(header: string | undefined): string | undefined {
  const encoded = /^basic +(\S+)$/i.exec(header ?? "")?.[1];
  if (encoded === undefined) return undefined;
  const decoded = Buffer.from(encoded, "base64").toString();
  return decoded.slice(decoded.indexOf(":") + 1);
}

function config(settings: Record<string, string>): Record<string, string> {
  const entries = Object.entries(settings).flatMap(([key, value], at) => [
    [`GIT_CONFIG_KEY_${at}`, key],
    [`GIT_CONFIG_VALUE_${at}`, value],
  ]);
  return { GIT_CONFIG_COUNT: String(Object.keys(settings).length), ...Object.fromEntries(entries) };
}

/** A bare repository, and the folder of the hooks a push has to pass, if any. */
interface GitPlace {
  readonly folder: string;
  readonly guard?: string | undefined;
}

function environment(
  request: IncomingMessage,
  wanted: GitRequest,
  at: GitPlace,
): Record<string, string> {
  const { headers } = request;
  return {
    ...GIT_ENV,
    ...config({
      "http.receivepack": "true",
      "safe.directory": "*",
      "uploadpack.allowFilter": "true",
      "uploadpack.allowAnySHA1InWant": "true",
      "receive.hideRefs": "refs/pull",
      "core.hooksPath": at.guard ?? "/dev/null",
    }),
    GIT_PROJECT_ROOT: at.folder,
    GIT_HTTP_EXPORT_ALL: "1",
    PATH_INFO: `/${wanted.service}`,
    REQUEST_METHOD: request.method ?? "GET",
    QUERY_STRING: wanted.query.toString(),
    CONTENT_TYPE: headers["content-type"] ?? "",
    REMOTE_USER: "x-access-token",
    REMOTE_ADDR: "127.0.0.1",
    ...(typeof headers["git-protocol"] === "string"
      ? { GIT_PROTOCOL: headers["git-protocol"] }
      : {}),
  };
}

function parse(output: Buffer): GitAnswer {
  const cut = output.indexOf("\r\n\r\n");
  const lines = output.subarray(0, cut).toString().split("\r\n");
  const pairs = lines.map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  const { status = "200", ...headers } = Object.fromEntries(pairs) as Record<string, string>;
  return { status: Number.parseInt(status, 10), headers, body: output.subarray(cut + 4) };
}

/** Lets git's own backend answer; whether the caller may is the caller's question. */
export function runBackend(
  request: IncomingMessage,
  wanted: GitRequest,
  at: GitPlace,
): Promise<GitAnswer> {
  const env = environment(request, wanted, at);
  return new Promise((resolve, reject) => {
    const child = spawn("git", ["http-backend"], { env });
    const out: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.resume();
    child.on("error", reject);
    child.stdin.on("error", () => {});
    child.on("close", () => {
      const output = Buffer.concat(out);
      if (output.includes("\r\n\r\n")) resolve(parse(output));
      else reject(new Error("git http-backend said nothing."));
    });
    // A client that goes away in the middle must not leave git waiting for the rest.
    request.on("close", () => request.complete || child.kill());
    request.on("error", () => child.kill());
    const zipped = request.headers["content-encoding"] === "gzip";
    const body = zipped ? request.pipe(createGunzip().on("error", () => child.kill())) : request;
    body.pipe(child.stdin);
  });
}

/** An answer in words, as GitHub gives to git clients. */
export const plain = (status: number, body: string, headers = {}): GitAnswer => ({
  status,
  headers: { "content-type": "text/plain; charset=utf-8", ...headers },
  body: Buffer.from(`${body}\n`),
});

/** Asks a git client for its token. */
export const CHALLENGE = { "www-authenticate": 'Basic realm="GitHub"' };

function refused(error: unknown, token: string | undefined): GitAnswer {
  if (!(error instanceof Refusal)) throw error;
  if (token === undefined) return plain(401, "No anonymous write access.", CHALLENGE);
  if (error.status === 401) return plain(401, "Invalid username or token.", CHALLENGE);
  if (error.status === 403) return plain(403, "Write access to repository not granted.");
  return plain(404, "Repository not found.");
}

export interface GitHttp {
  readonly state: State;
  /** Folder of the hook that guards workflows. */
  readonly guard: string;
  /** Called after a push, before its answer. */
  pushed(repo: Repository, by: Account): Promise<void>;
}

function mayTouchWorkflows(caller: Caller): boolean {
  if (caller.kind !== "installation") return false;
  return allows(caller.token.permissions, { any: ["workflows"], level: "write" });
}

/** Serves clone, fetch and push by git's own backend, under the token's permission on the contents. */
export async function serveGit(
  git: GitHttp,
  request: IncomingMessage,
  wanted: GitRequest,
): Promise<GitAnswer> {
  const writes = [wanted.service, wanted.query.get("service")].includes("git-receive-pack");
  const token = password(request.headers.authorization);
  const need = { any: ["contents"], level: writes ? ("write" as const) : ("read" as const) };
  let caller: Caller;
  let repo: Repository;
  try {
    caller = callerOf(git.state, token);
    repo = openRepository(git.state, caller, { ...wanted, need });
  } catch (error) {
    request.resume();
    return refused(error, token);
  }
  const guard = writes && !mayTouchWorkflows(caller) ? git.guard : undefined;
  const answer = await runBackend(request, wanted, { folder: repo.folder, guard });
  if (request.method === "POST" && writes) await git.pushed(repo, git.state.bot);
  return answer;
}
