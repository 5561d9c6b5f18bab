import { createHash } from "node:crypto";

export type Json = Record<string, unknown>;

export interface Account {
  readonly id: number;
  readonly login: string;
  readonly type: "User" | "Bot" | "Organization";
}

export type Role = "admin" | "maintain" | "write" | "triage" | "read" | "none";

export interface Reaction {
  readonly id: number;
  readonly user: Account;
  readonly content: string;
  readonly createdAt: string;
}

export interface Comment {
  readonly id: number;
  readonly issue: number;
  readonly author: Account;
  readonly viaApp: boolean;
  readonly createdAt: string;
  readonly reactions: Reaction[];
  body: string;
  updatedAt: string;
}

export interface Label {
  readonly id: number;
  readonly name: string;
  readonly color: string;
  readonly description: string | null;
}

export interface Pull {
  readonly id: number;
  readonly head: string;
  base: string;
  draft: boolean;
  /** Follow the branches while the pull request is open, then stay. */
  headSha: string;
  baseSha: string;
  mergedAt: string | undefined;
  mergedBy: Account | undefined;
  mergeCommit: string | undefined;
}

export interface Issue {
  readonly id: number;
  readonly number: number;
  readonly author: Account;
  readonly viaApp: boolean;
  readonly createdAt: string;
  readonly reactions: Reaction[];
  readonly pull: Pull | undefined;
  title: string;
  body: string | null;
  state: "open" | "closed";
  stateReason: string | null;
  labels: string[];
  assignees: Account[];
  updatedAt: string;
  closedAt: string | undefined;
  closedBy: Account | undefined;
}

interface CheckOutput {
  title: string | null;
  summary: string | null;
  text: string | null;
  readonly annotations: Json[];
}

export interface CheckRun {
  readonly id: number;
  readonly headSha: string;
  readonly suite: number;
  readonly output: CheckOutput;
  name: string;
  status: string;
  conclusion: string | null;
  externalId: string;
  detailsUrl: string | null;
  startedAt: string | null;
  completedAt: string | null;
}

export interface Status {
  readonly id: number;
  readonly sha: string;
  readonly state: string;
  readonly context: string;
  readonly description: string | null;
  readonly targetUrl: string | null;
  readonly creator: Account;
  readonly createdAt: string;
}

export interface Installation {
  readonly id: number;
  readonly account: Account;
  readonly repositories: Set<number>;
  readonly permissions: Record<string, string>;
  readonly createdAt: string;
}

export interface Repository {
  readonly id: number;
  readonly owner: Account;
  readonly name: string;
  readonly folder: string;
  readonly private: boolean;
  readonly defaultBranch: string;
  readonly createdAt: string;
  readonly collaborators: Map<string, Role>;
  readonly issues: Map<number, Issue>;
  readonly comments: Map<number, Comment>;
  readonly labels: Map<string, Label>;
  readonly checkRuns: CheckRun[];
  readonly statuses: Status[];
  /** Logs of Actions, seeded by whoever drives the world; `jobs/1` or `runs/1`. */
  readonly logs: Map<string, string | Uint8Array>;
  /** The refs as of the last event that told of them. */
  refs: ReadonlyMap<string, string>;
  pushedAt: string;
}

export interface Token {
  readonly installation: Installation;
  readonly repositories: ReadonlySet<number> | undefined;
  readonly permissions: Record<string, string>;
  readonly expiresAt: number;
}

export interface Delivery {
  readonly id: number;
  readonly guid: string;
  readonly event: string;
  readonly action: string | null;
  readonly installation: number;
  readonly repository: number | null;
  readonly payload: Json;
  readonly redelivery: boolean;
  readonly deliveredAt: string;
  readonly requestHeaders: Record<string, string>;
  status: string;
  statusCode: number;
  duration: number;
  responseHeaders: Record<string, string>;
  responseBody: string;
}

export interface AppIdentity {
  readonly id: number;
  readonly slug: string;
  readonly clientId: string;
  readonly name: string;
  /** PEM. */
  readonly privateKey: string;
  readonly webhookSecret: string;
  readonly permissions: Record<string, string>;
  readonly events: readonly string[];
  readonly createdAt: string;
}

/** Everything GitHub would keep in its databases, but for the git objects. */
export interface State {
  readonly url: string;
  readonly apiUrl: string;
  readonly app: AppIdentity;
  readonly bot: Account;
  readonly appOwner: Account;
  readonly accounts: Map<string, Account>;
  readonly repositories: Map<string, Repository>;
  readonly installations: Map<number, Installation>;
  readonly tokens: Map<string, Token>;
  readonly deliveries: Delivery[];
  nextId(): number;
  account(login: string, type?: Account["type"]): Account;
}

/** GitHub's times have no fractions of seconds. */
export function now(): string {
  return `${new Date().toISOString().slice(0, 19)}Z`;
}

/** The opaque id the GraphQL side would use. */
export function nodeId(kind: string, id: number | string): string {
  return `${kind}_${createHash("sha1").update(`${kind}:${id}`).digest("base64url").slice(0, 18)}`;
}

/** How names are compared: GitHub ignores their case. */
export function repositoryKey(owner: string, name: string): string {
  return `${owner}/${name}`.toLowerCase();
}

/** Empty state; logins become accounts when they are first mentioned. */
export function createState(at: { url: string; app: AppIdentity }): State {
  let last = 1000;
  const accounts = new Map<string, Account>();
  const nextId = () => {
    last += 1;
    return last;
  };
  const account: State["account"] = (login, type = "User") => {
    const known = accounts.get(login.toLowerCase());
    if (known !== undefined) return known;
    const made = { id: nextId(), login, type };
    accounts.set(login.toLowerCase(), made);
    return made;
  };
  return {
    url: at.url,
    apiUrl: `${at.url}/api/v3`,
    app: at.app,
    bot: account(`${at.app.slug}[bot]`, "Bot"),
    appOwner: account(`${at.app.slug}-makers`, "Organization"),
    accounts,
    repositories: new Map(),
    installations: new Map(),
    tokens: new Map(),
    deliveries: [],
    nextId,
    account,
  };
}
