import { createSign } from "node:crypto";
import type { GitHubWorld } from "./github.ts";

/** A token the App signs; `claims` bends it. */
export function appToken(world: GitHubWorld, claims: Record<string, unknown> = {}): string {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const seconds = Math.floor(Date.now() / 1000);
  const head = encode({ alg: "RS256", typ: "JWT" });
  const body = encode({ iss: world.app.id, iat: seconds - 30, exp: seconds + 500, ...claims });
  const sign = createSign("RSA-SHA256").update(`${head}.${body}`);
  return `${head}.${body}.${sign.sign(world.app.privateKey).toString("base64url")}`;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** Plain calls to the emulator's API with one token. */
export function client(world: GitHubWorld, token?: string) {
  return async (operation: string, body?: unknown, headers = {}): Promise<Answer> => {
    const [method = "GET", path = ""] = operation.split(" ");
    const response = await fetch(`${world.apiUrl}${path}`, {
      method,
      redirect: "manual",
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = response.headers.get("content-type")?.includes("json") ?? false;
    return {
      status: response.status,
      headers: response.headers,
      body: json ? JSON.parse(text) : text,
    };
  };
}
