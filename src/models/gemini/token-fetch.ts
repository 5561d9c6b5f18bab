/** No token server answers more. */
const MAX_BYTES = 256 * 1024;
const TIMEOUT_MS = 30_000;

/** How a request goes out. */
export type Fetch = typeof fetch;

/**
 * A `fetch` for Google's sign-in library, which follows proxies of the environment and redirects.
 * All callers wait for one answer together, so it ends by itself.
 */
export function createTokenFetch(send: Fetch = fetch): Fetch {
  return async (url, init) => {
    const headers = new Headers(init?.headers);
    headers.set("user-agent", "nexus");
    const { method = "GET", body = null } = init ?? {};
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const answer = await send(url, { method, body, headers, signal, redirect: "manual" });
    const { status, headers: told } = answer;
    const kept = new Headers({ "content-type": told.get("content-type") ?? "application/json" });
    const text = await shortText(answer.body);
    return new Response(status === 204 || status === 304 ? null : text, { status, headers: kept });
  };
}

async function shortText(body: ReadableStream<Uint8Array> | null): Promise<string> {
  const pieces: Uint8Array[] = [];
  let total = 0;
  for await (const piece of body ?? []) {
    pieces.push(piece);
    total += piece.byteLength;
    if (total > MAX_BYTES) throw new Error("The token server's answer is endless.");
  }
  return Buffer.concat(pieces).toString("utf8");
}
