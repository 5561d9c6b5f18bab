import { request } from "@octokit/request";
import { Octokit } from "@octokit/rest";

const DEADLINE_MS = 20_000;
const USER_AGENT = "nexus";

/** GitHub's REST interface under one token. Nothing is retried, delayed or printed behind our back. */
export function createOctokit(options: {
  readonly apiUrl: string;
  readonly token: string;
  readonly signal?: AbortSignal | undefined;
}): Octokit {
  const silent = () => undefined;
  return new Octokit({
    auth: options.token,
    baseUrl: options.apiUrl,
    userAgent: USER_AGENT,
    request: { fetch: boundedFetch(options.signal) },
    log: { debug: silent, info: silent, warn: silent, error: silent },
  });
}

/** The same for calls the App makes as itself. */
export function createRequest(apiUrl: string): typeof request {
  return request.defaults({
    baseUrl: apiUrl,
    headers: { "user-agent": USER_AGENT },
    request: { fetch: boundedFetch(undefined) },
  });
}

/** Every request ends: when its time is over, or when the work it belongs to is stopped. */
function boundedFetch(stop: AbortSignal | undefined): typeof fetch {
  return (input, init) => {
    const limits = [AbortSignal.timeout(DEADLINE_MS), stop, init?.signal];
    const signal = AbortSignal.any(limits.filter((limit) => limit instanceof AbortSignal));
    return fetch(input, { ...init, signal });
  };
}
