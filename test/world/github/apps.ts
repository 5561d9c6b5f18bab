import { randomBytes } from "node:crypto";
import { allows, installationOf } from "./access.ts";
import {
  type Call,
  invalid,
  notFound,
  number,
  object,
  paged,
  Refusal,
  type Reply,
  type RepositoryCall,
  type Routes,
  text,
  textList,
} from "./call.ts";
import { appJson, installationJson, profileJson } from "./shapes/account.ts";
import { repositoryJson } from "./shapes/repository.ts";
import type { Delivery, Installation, Json, Repository, State, Token } from "./state.ts";

const HOUR = 3_600_000;

function installationAsked(call: Call): Installation {
  const found = call.state.installations.get(number(call.params, "installation_id"));
  if (found === undefined) throw notFound();
  return found;
}

function repositoriesOf(state: State, ids: ReadonlySet<number>): Repository[] {
  return [...state.repositories.values()].filter((repo) => ids.has(repo.id));
}

/** The permissions of a token: what was asked for, if the installation has it. */
function narrowed(installation: Installation, asked: Json): Record<string, string> {
  const entries = Object.entries(asked).map(([name, level]): [string, string] => [
    name,
    String(level),
  ]);
  if (entries.length === 0) return installation.permissions;
  for (const [name, level] of entries) {
    const need = { any: [name], level: level === "read" ? ("read" as const) : ("write" as const) };
    if (!allows(installation.permissions, need)) {
      throw new Refusal(422, "The permissions requested are not granted to this installation.");
    }
  }
  return { metadata: "read", ...Object.fromEntries(entries) };
}

function chosen(state: State, installation: Installation, body: Json): Set<number> | undefined {
  const names = textList(body, "repositories").map((name) => name.toLowerCase());
  const ids = textList(body, "repository_ids").map(Number);
  if (names.length === 0 && ids.length === 0) return undefined;
  const repos = repositoriesOf(state, installation.repositories);
  const known = repos.filter(
    (repo) => names.includes(repo.name.toLowerCase()) || ids.includes(repo.id),
  );
  const all =
    names.every((name) => repos.some((repo) => repo.name.toLowerCase() === name)) &&
    ids.every((id) => installation.repositories.has(id));
  if (!all) {
    const problem = "There is at least one repository that does not exist or is not accessible";
    throw new Refusal(422, `${problem} to the parent installation.`);
  }
  return new Set(known.map((repo) => repo.id));
}

/** A new token of an installation; good for an hour. */
export function mintToken(state: State, token: Omit<Token, "expiresAt">): string {
  const value = `ghs_${randomBytes(27).toString("base64url").replaceAll(/[-_]/g, "x")}`;
  state.tokens.set(value, { ...token, expiresAt: Date.now() + HOUR });
  return value;
}

function createToken(call: Call): Reply {
  const { state } = call;
  const installation = installationAsked(call);
  const permissions = narrowed(installation, object(call.body, "permissions"));
  const repositories = chosen(state, installation, call.body);
  const token = mintToken(state, { installation, repositories, permissions });
  const expires = state.tokens.get(token)?.expiresAt ?? 0;
  const named = repositories === undefined ? [] : repositoriesOf(state, repositories);
  return {
    status: 201,
    body: {
      token,
      expires_at: `${new Date(expires).toISOString().slice(0, 19)}Z`,
      permissions,
      repository_selection: "selected",
      ...(repositories === undefined
        ? {}
        : { repositories: named.map((repo) => repositoryJson(state, repo)) }),
    },
  };
}

function deliveryItem(delivery: Delivery): Json {
  return {
    id: delivery.id,
    guid: delivery.guid,
    delivered_at: delivery.deliveredAt,
    redelivery: delivery.redelivery,
    duration: delivery.duration,
    status: delivery.status,
    status_code: delivery.statusCode,
    event: delivery.event,
    action: delivery.action,
    installation_id: delivery.installation,
    repository_id: delivery.repository,
    throttled_at: null,
  };
}

function deliveryAsked(call: Call): Delivery {
  const id = number(call.params, "delivery_id");
  const found = call.state.deliveries.find((delivery) => delivery.id === id);
  if (found === undefined) throw notFound();
  return found;
}

/** Newest first; the cursor is the id of the next delivery to show. */
function listDeliveries(call: Call): Reply {
  const size = number(call.query, "per_page") || 30;
  const cursor = Number(text(call.query, "cursor") || Number.MAX_SAFE_INTEGER);
  if (Number.isNaN(cursor)) throw invalid({ resource: "Hook", field: "cursor", code: "invalid" });
  const wanted = text(call.query, "status");
  const fits = (delivery: Delivery) => {
    const success = delivery.statusCode >= 200 && delivery.statusCode < 400;
    return wanted === "" || success === (wanted === "success");
  };
  const rest = call.state.deliveries
    .toReversed()
    .filter((delivery) => delivery.id <= cursor && fits(delivery));
  const next = rest[size];
  const url = new URL(call.url);
  url.searchParams.set("cursor", String(next?.id));
  return {
    status: 200,
    body: rest.slice(0, size).map(deliveryItem),
    ...(next === undefined ? {} : { headers: { link: `<${url.href}>; rel="next"` } }),
  };
}

function oneDelivery(call: Call): Reply {
  const delivery = deliveryAsked(call);
  return {
    status: 200,
    body: {
      ...deliveryItem(delivery),
      url: "",
      request: { headers: delivery.requestHeaders, payload: delivery.payload },
      response: { headers: delivery.responseHeaders, payload: delivery.responseBody },
    },
  };
}

function redeliver(call: Call): Reply {
  call.hub.redeliver(deliveryAsked(call));
  return { status: 202, body: {} };
}

function repositoryInstallation(call: Call): Reply {
  const key = `${text(call.params, "owner")}/${text(call.params, "repo")}`.toLowerCase();
  const repo = call.state.repositories.get(key);
  const installation = repo === undefined ? undefined : installationOf(call.state, repo);
  if (installation === undefined) throw notFound();
  return { status: 200, body: installationJson(call.state, installation) };
}

function listRepositories(call: Call): Reply {
  if (call.caller.kind !== "installation") throw new Refusal(403, "Forbidden");
  const { token } = call.caller;
  const ids = token.repositories ?? token.installation.repositories;
  const repos = repositoriesOf(call.state, ids);
  return paged(call, repos, (page) => ({
    total_count: repos.length,
    repository_selection: "selected",
    repositories: page.map((repo) => repositoryJson(call.state, repo)),
  }));
}

function rateLimit(): Reply {
  const rate = {
    limit: 5000,
    remaining: 4999,
    used: 1,
    reset: Math.floor(Date.now() / 1000) + 3600,
  };
  return { status: 200, body: { resources: { core: rate, search: rate }, rate } };
}

function user(call: Call): Reply {
  const account = call.state.accounts.get(text(call.params, "username").toLowerCase());
  if (account === undefined) throw notFound();
  return { status: 200, body: profileJson(call.state, account) };
}

const ROLES: Record<string, string> = { maintain: "write", triage: "read" };

function permission({ state, repo, params }: RepositoryCall): Reply {
  const account = state.accounts.get(text(params, "username").toLowerCase());
  if (account === undefined) throw notFound();
  const fallback = repo.private ? "none" : "read";
  const given = repo.collaborators.get(account.login.toLowerCase()) ?? fallback;
  const role = account.id === repo.owner.id ? "admin" : given;
  const level = ROLES[role] ?? role;
  const permissions = {
    admin: role === "admin",
    maintain: ["admin", "maintain"].includes(role),
    push: ["admin", "write"].includes(level),
    triage: role === "triage" || ["admin", "write"].includes(level),
    pull: level !== "none",
  };
  return {
    status: 200,
    body: {
      permission: level,
      user: { ...profileJson(state, account), permissions, role_name: role },
      role_name: role,
    },
  };
}

/** The App, its installations, tokens and webhook deliveries, and who people are. */
export const APP_ROUTES: Routes = {
  "GET /app": { auth: "app", handle: (call) => ({ status: 200, body: appJson(call.state) }) },
  "GET /app/installations": {
    auth: "app",
    handle: (call) =>
      paged(call, [...call.state.installations.values()], (page) =>
        page.map((installation) => installationJson(call.state, installation)),
      ),
  },
  "GET /app/installations/{installation_id}": {
    auth: "app",
    handle: (call) => ({
      status: 200,
      body: installationJson(call.state, installationAsked(call)),
    }),
  },
  "POST /app/installations/{installation_id}/access_tokens": { auth: "app", handle: createToken },
  "GET /app/hook/deliveries": { auth: "app", handle: listDeliveries },
  "GET /app/hook/deliveries/{delivery_id}": { auth: "app", handle: oneDelivery },
  "POST /app/hook/deliveries/{delivery_id}/attempts": { auth: "app", handle: redeliver },
  "GET /repos/{owner}/{repo}/installation": { auth: "app", handle: repositoryInstallation },
  "GET /installation/repositories": { auth: "installation", handle: listRepositories },
  "GET /rate_limit": { auth: "anyone", handle: rateLimit },
  "GET /users/{username}": { auth: "anyone", handle: user },
  "GET /repos/{owner}/{repo}/collaborators/{username}/permission": {
    auth: "repository",
    need: { any: ["metadata"], level: "read" },
    handle: permission,
  },
};
