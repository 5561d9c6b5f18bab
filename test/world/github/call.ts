import type { Account, Delivery, Installation, Json, Repository, State, Token } from "./state.ts";

/** Who is asking. */
export type Caller =
  | { readonly kind: "app" }
  | { readonly kind: "installation"; readonly token: Token }
  | { readonly kind: "nobody" };

/** Something worth a webhook. */
export interface NewEvent {
  readonly name: string;
  readonly action?: string;
  readonly repo?: Repository;
  readonly installation: Installation;
  readonly payload: Json;
}

/** What handlers may do beside answering. */
export interface Hub {
  readonly state: State;
  /** Sends the event to the App in the background, if it is subscribed. */
  emit(event: NewEvent): void;
  /** Tells what moved since the last time: push events, pull requests that follow. */
  refsChanged(repo: Repository, by: Account): Promise<void>;
  redeliver(delivery: Delivery): void;
}

export interface Call {
  readonly hub: Hub;
  readonly state: State;
  readonly caller: Caller;
  readonly url: URL;
  readonly accept: string;
  readonly params: Json;
  readonly query: Json;
  readonly body: Json;
}

export interface RepositoryCall extends Call {
  readonly repo: Repository;
}

export interface Reply {
  readonly status: number;
  /** Bytes and text go out as they are, everything else as JSON. */
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

/** The permission a call needs: one of these at this level. */
export interface Need {
  readonly any: readonly string[];
  readonly level: "read" | "write";
}

export type Route =
  | {
      readonly auth: "app" | "installation" | "anyone";
      handle(call: Call): Promise<Reply> | Reply;
    }
  | {
      readonly auth: "repository";
      readonly need: Need;
      handle(call: RepositoryCall): Promise<Reply> | Reply;
    };

/** Routes by operation, as in OPERATIONS. */
export type Routes = Readonly<Record<string, Route>>;

/** An answer that is an error in GitHub's own form. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: number;
  readonly errors: readonly Json[] | undefined;

  constructor(status: number, message: string, errors?: readonly Json[]) {
    super(message);
    this.status = status;
    this.errors = errors;
  }
}

/** 404, which is also what one may not see. */
export function notFound(): Refusal {
  return new Refusal(404, "Not Found");
}

/** 422 with the field that is wrong. */
export function invalid(error: Json, message = "Validation Failed"): Refusal {
  return new Refusal(422, message, [error]);
}

/** The text under a key that has been validated; empty where there is none. */
export function text(values: Json, key: string): string {
  const value = values[key];
  if (typeof value === "string") return value;
  return typeof value === "number" ? String(value) : "";
}

export function optionalText(values: Json, key: string): string | undefined {
  const value = values[key];
  return typeof value === "string" ? value : undefined;
}

export function number(values: Json, key: string): number {
  return Number(values[key]);
}

export function textList(values: Json, key: string): string[] {
  const value = values[key];
  return Array.isArray(value) ? value.map(String) : [];
}

export function object(values: Json, key: string): Json {
  const value = values[key];
  return typeof value === "object" && value !== null ? (value as Json) : {};
}

/** One page of a list with the Link header that leads to the others. */
export function paged<T>(
  call: Call,
  items: readonly T[],
  wrap: (page: readonly T[]) => unknown = (page) => page,
): Reply {
  const size = Math.min(100, Math.max(1, number(call.query, "per_page") || 30));
  const page = Math.max(1, number(call.query, "page") || 1);
  const last = Math.max(1, Math.ceil(items.length / size));
  const link = (to: number, rel: string) => {
    const url = new URL(call.url);
    url.searchParams.set("page", String(to));
    return `<${url.href}>; rel="${rel}"`;
  };
  const links = [
    ...(page > 1 ? [link(page - 1, "prev"), link(1, "first")] : []),
    ...(page < last ? [link(page + 1, "next"), link(last, "last")] : []),
  ];
  return {
    status: 200,
    body: wrap(items.slice((page - 1) * size, page * size)),
    ...(links.length === 0 ? {} : { headers: { link: links.join(", ") } }),
  };
}
