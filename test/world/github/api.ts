import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { bearer, callerOf, openRepository } from "./access.ts";
import { APP_ROUTES } from "./apps.ts";
import { type Call, type Hub, Refusal, type Reply, type Route, type Routes, text } from "./call.ts";
import { CHECK_ROUTES } from "./checks.ts";
import { GIT_ROUTES } from "./git-data.ts";
import { LABEL_ROUTES } from "./issue-labels.ts";
import { ISSUE_ROUTES } from "./issues.ts";
import { type Description, type Operation, readDescription } from "./openapi.ts";
import { PULL_ROUTES } from "./pulls.ts";
import { REACTION_ROUTES } from "./reactions.ts";
import { REPOSITORY_ROUTES } from "./repositories.ts";
import type { Json } from "./state.ts";
import { type Contract, createContract } from "./validate.ts";

/** What answers each operation. */
export const ROUTES: Routes = {
  ...APP_ROUTES,
  ...REPOSITORY_ROUTES,
  ...GIT_ROUTES,
  ...ISSUE_ROUTES,
  ...LABEL_ROUTES,
  ...REACTION_ROUTES,
  ...PULL_ROUTES,
  ...CHECK_ROUTES,
};

const LARGEST_BODY = 10_000_000;

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_BODY) throw new Refusal(413, "Payload too large");
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks).toString();
  if (body === "") return undefined;
  try {
    return JSON.parse(body) as unknown;
  } catch {
    throw new Refusal(400, "Problems parsing JSON");
  }
}

function answerRefusal(refusal: Refusal): Reply {
  return {
    status: refusal.status,
    body: {
      message: refusal.message,
      ...(refusal.errors === undefined ? {} : { errors: refusal.errors }),
      documentation_url: "https://docs.github.com/rest",
      status: String(refusal.status),
    },
  };
}

function callOf(route: Route, call: Call): Promise<Reply> | Reply {
  const { caller, state, params } = call;
  if (route.auth === "repository") {
    const wish = { owner: text(params, "owner"), name: text(params, "repo"), need: route.need };
    return route.handle({ ...call, repo: openRepository(state, caller, wish) });
  }
  if (route.auth === "app" && caller.kind !== "app") {
    throw new Refusal(401, "A JSON web token could not be decoded");
  }
  if (route.auth === "installation" && caller.kind !== "installation") {
    throw new Refusal(403, "You must authenticate with an installation access token");
  }
  return route.handle(call);
}

/** Headers that every answer of the API has. */
function commonHeaders(count: number): Record<string, string> {
  const hour = Math.ceil(Date.now() / 3_600_000) * 3600;
  return {
    "x-github-request-id": randomUUID(),
    "x-github-media-type": "github.v3; format=json",
    "x-ratelimit-limit": "5000",
    "x-ratelimit-remaining": String(Math.max(0, 5000 - count)),
    "x-ratelimit-used": String(count),
    "x-ratelimit-reset": String(hour),
    "x-ratelimit-resource": "core",
  };
}

export interface Findings {
  /** Requests and answers that GitHub's description does not allow. */
  readonly violations: string[];
  /** Fields it requires and our answers lack. */
  readonly warnings: string[];
}

let known: { description: Description; contract: Contract } | undefined;

/** Read and compiled once per process: many worlds may start in one. */
function rules(): { description: Description; contract: Contract } {
  if (known === undefined) {
    const description = readDescription();
    known = { description, contract: createContract(description) };
  }
  return known;
}

/** The REST API: finds the operation, checks what came, answers, checks the answer. */
export function createApi(hub: Hub, findings: Findings) {
  const { description, contract } = rules();
  let count = 0;

  function found(method: string, path: string): { operation: Operation; params: Json } {
    const match = description.find(method, path);
    if (match !== undefined) return match;
    findings.violations.push(`${method} ${path}: no operation of this emulator`);
    throw new Refusal(422, `This emulator does not serve ${method} ${path}`);
  }

  async function answer(request: IncomingMessage, url: URL): Promise<Reply> {
    const method = request.method ?? "GET";
    const { state } = hub;
    if (request.headers["user-agent"] === undefined) {
      throw new Refusal(403, "Request forbidden by administrative rules.");
    }
    const caller = callerOf(state, bearer(request.headers.authorization));
    const { operation, params } = found(method, url.pathname);
    const body = await readBody(request);
    const query: Json = Object.fromEntries(url.searchParams);
    const errors = contract.checkRequest(operation, { params, query, body });
    if (errors.length > 0) {
      findings.violations.push(...errors.map((error) => `${operation.name}: ${error}`));
      throw new Refusal(
        422,
        "Invalid request.",
        errors.map((message) => ({ message })),
      );
    }
    const route = ROUTES[operation.name];
    if (route === undefined) throw new Error(`${operation.name} has no handler.`);
    const call: Call = {
      hub,
      state,
      caller,
      url: new URL(`${state.apiUrl}${url.pathname}${url.search}`),
      accept: request.headers.accept ?? "",
      params,
      query,
      body: (body ?? {}) as Json,
    };
    return checked(operation, await callOf(route, call));
  }

  function checked(operation: Operation, reply: Reply): Reply {
    if (reply.headers?.["content-type"] !== undefined) return reply;
    const { status, body } = reply;
    const { errors, warnings } = contract.checkResponse(operation, { status, body });
    const known = new Set(findings.warnings);
    const fresh = warnings.map((warning) => `${operation.name}: ${warning}`);
    findings.warnings.push(...fresh.filter((warning) => !known.has(warning)));
    if (errors.length === 0) return reply;
    findings.violations.push(...errors.map((error) => `${operation.name}: ${error}`));
    return answerRefusal(new Refusal(500, `The emulator's own answer is wrong: ${errors[0]}`));
  }

  return async (request: IncomingMessage, url: URL): Promise<Reply> => {
    count += 1;
    const reply = await answer(request, url).catch((error: unknown) => {
      if (error instanceof Refusal) return answerRefusal(error);
      findings.violations.push(`${request.method} ${url.pathname}: ${String(error)}`);
      return answerRefusal(new Refusal(500, String(error)));
    });
    return { ...reply, headers: { ...commonHeaders(count), ...reply.headers } };
  };
}
