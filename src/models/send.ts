import { NexusError } from "../core/errors.ts";

/** Where the calls go and with whose key. */
export interface Address {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What of a refusal is read. */
const MAX_REFUSAL_BYTES = 64 * 1024;

/** Fails with `config.invalid` where no call could be made; shows neither key nor URL. */
export function throwIfInvalidAddress({ baseUrl, apiKey }: Address): void {
  throwIfInvalidUrl(baseUrl);
  if (!/^[\x21-\x7e]+$/.test(apiKey)) {
    throw new NexusError("config.invalid", "The model's API key is empty or has odd characters.", {
      hint: "Look for blanks, quotes or line ends around the key.",
    });
  }
}

/** Fails with `config.invalid` where it is no plain http(s) URL. */
export function throwIfInvalidUrl(baseUrl: string): void {
  const url = URL.parse(baseUrl);
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== "" || url.password !== "") {
    throw new NexusError("config.invalid", "The model's base URL is not a plain http(s) URL.", {
      hint: "It looks like https://api.openai.com/v1 and carries no user or password.",
    });
  }
}

/**
 * A `fetch` for an SDK. SDKs add headers from the environment and follow redirects; here a prompt
 * and a key go nowhere else, only the given headers are sent, and no refusal is read without end.
 * `kept` names the headers that are taken from the SDK.
 */
export function createSend(
  own: () => Readonly<Record<string, string>>,
  kept: readonly string[] = [],
): (url: string | URL | Request, init?: RequestInit) => Promise<Response> {
  return async (url, init) => {
    const headers = new Headers({
      accept: "text/event-stream, application/json",
      "content-type": "application/json",
      "user-agent": "nexus",
    });
    const given = new Headers(init?.headers);
    for (const name of kept) {
      const value = given.get(name);
      if (value !== null) headers.set(name, value);
    }
    for (const [name, value] of Object.entries(own())) headers.set(name, value);
    const response = await fetch(url, { ...init, headers, redirect: "manual" });
    return response.ok ? response : await shortened(response);
  };
}

async function shortened({ body, status, headers }: Response): Promise<Response> {
  const pieces: Uint8Array[] = [];
  let total = 0;
  for await (const piece of body ?? []) {
    pieces.push(piece);
    total += piece.byteLength;
    if (total > MAX_REFUSAL_BYTES) break;
  }
  const text = Buffer.concat(pieces).subarray(0, MAX_REFUSAL_BYTES);
  // The length and the encoding were those of the whole.
  const kept = new Headers(headers);
  kept.delete("content-length");
  kept.delete("content-encoding");
  return new Response(text, { status, headers: kept });
}
