import OpenAI from "openai";
import type { ChatCompletionCreateParams } from "openai/resources/chat/completions";
import { NexusError } from "../core/errors.ts";

/** Where the calls go and with whose key. */
export interface Address {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/** One vendor's chat endpoint over HTTP. */
export interface Connection {
  readonly client: OpenAI;
  /** The vendor's answer with its body unread; throws APIError on every status but 2xx. */
  open(body: ChatCompletionCreateParams, signal: AbortSignal): Promise<Response>;
}

/** The SDK's client with every choice made here, so that nothing in the environment changes where calls go. */
export function openConnection({ baseUrl, apiKey, headers = {}, timeoutMs }: Address): Connection {
  throwIfInvalid(baseUrl, apiKey);
  const sent = { authorization: `Bearer ${apiKey}`, ...headers };
  const client = new OpenAI({
    apiKey,
    baseURL: baseUrl,
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    logLevel: "off",
    maxRetries: 0,
    // Our own deadline is to come first: it knows of retries.
    timeout: timeoutMs + 1000,
    fetch: (url, init) => send(url, init, sent),
  });
  return {
    client,
    open: (body, signal) => client.chat.completions.create(body, { signal }).asResponse(),
  };
}

function throwIfInvalid(baseUrl: string, apiKey: string): void {
  const url = URL.parse(baseUrl);
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== "" || url.password !== "") {
    throw new NexusError("config.invalid", "The model's base URL is not a plain http(s) URL.", {
      hint: "It looks like https://api.openai.com/v1 and carries no user or password.",
    });
  }
  if (!/^[\x21-\x7e]+$/.test(apiKey)) {
    throw new NexusError("config.invalid", "The model's API key is empty or has odd characters.", {
      hint: "Look for blanks, quotes or line ends around the key.",
    });
  }
}

/** The SDK adds headers from the environment and follows redirects; a prompt and a key go nowhere else. */
async function send(
  url: Parameters<typeof fetch>[0],
  init: RequestInit | undefined,
  own: Record<string, string>,
): Promise<Response> {
  const headers = new Headers({
    accept: "text/event-stream, application/json",
    "content-type": "application/json",
    "user-agent": "nexus",
  });
  for (const [name, value] of Object.entries(own)) headers.set(name, value);
  return await fetch(url, { ...init, headers, redirect: "manual" });
}
