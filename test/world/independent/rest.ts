/** What a GitHub's REST interface said. */
export interface RestAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** Asks under one token. Every answer is an answer, refusals included. */
export type Rest = (method: string, path: string, body?: object) => Promise<RestAnswer>;

/** The REST interface at this address, for whoever holds the token. */
export function restAt(url: string, token: string): Rest {
  return async (method, path, body) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `token ${token}`, accept: "application/vnd.github+json" },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(20_000),
    });
    const text = await response.text();
    return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
  };
}

/** The body of an answer that must be a success. */
export async function wanted(answer: Promise<RestAnswer>): Promise<unknown> {
  const { status, body } = await answer;
  if (status >= 200 && status < 300) return body;
  throw new Error(`The emulator answered ${status}: ${JSON.stringify(body)}`);
}
