import { NexusError } from "../core/errors.ts";
import { visible } from "../core/untrusted.ts";

// GitHub asks for at least a minute where it names no time of its own.
const SECONDARY_LIMIT_MS = 60_000;

/** What Octokit throws, by its shape: several of its packages bring a class of their own. */
interface HttpFailure extends Error {
  readonly status: number;
  readonly response?: { readonly headers?: Readonly<Record<string, string | number | undefined>> };
}

/** Runs calls to GitHub; whatever fails is a NexusError `github.*`, or `aborted` when we were stopped. */
export async function asking<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof NexusError) throw error;
    if (signal?.aborted)
      throw new NexusError("aborted", "The call to GitHub was stopped.", { cause: error });
    throw isHttpFailure(error) ? fromStatus(error, Date.now()) : unreachable(error);
  }
}

/** True when GitHub answered with exactly this status. */
export function answered(error: unknown, status: number): boolean {
  return isHttpFailure(error) && error.response !== undefined && error.status === status;
}

function isHttpFailure(error: unknown): error is HttpFailure {
  return error instanceof Error && "status" in error && typeof error.status === "number";
}

function fromStatus(error: HttpFailure, now: number): NexusError {
  const { status, response } = error;
  if (!response || status >= 500 || status === 408) return unreachable(error, waitMs(error, now));
  const limit = limitMs(error, now);
  if (limit !== undefined) {
    const details = { retryable: true, retryAfterMs: limit, cause: error };
    return new NexusError("github.rate-limited", "GitHub asks us to slow down.", details);
  }
  if (status === 401) return unknownToGitHub(error);
  return new NexusError("github.refused", `GitHub answered ${status}: ${said(error)}`, {
    ...(status === 403 || status === 404
      ? { hint: "Is the App still installed here, with the permissions it asked for?" }
      : {}),
    cause: error,
  });
}

/** Our own credentials are not accepted: whoever runs Nexus can change that, and nobody's request is to blame. */
function unknownToGitHub(error: HttpFailure): NexusError {
  return new NexusError("github.refused", `GitHub answered 401: ${said(error)}`, {
    hint: "GitHub does not accept the App's key: compare APP_ID and PRIVATE_KEY with the App's settings, and this machine's clock.",
    retryable: true,
    cause: error,
  });
}

function unreachable(error: unknown, retryAfterMs?: number): NexusError {
  return new NexusError("github.unreachable", `GitHub did not answer: ${said(error)}`, {
    retryable: true,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    cause: error,
  });
}

/** How long to wait when this is a limit, primary or secondary; undefined for any other refusal. */
function limitMs(error: HttpFailure, now: number): number | undefined {
  if (error.status !== 403 && error.status !== 429) return undefined;
  const wait = waitMs(error, now);
  if (wait !== undefined) return wait;
  const { "x-ratelimit-remaining": remaining, "x-ratelimit-reset": reset } =
    error.response?.headers ?? {};
  if (String(remaining) === "0" && Number(reset) > 0)
    return Math.max(1000, Number(reset) * 1000 - now);
  const secondary =
    error.status === 429 || /secondary rate limit|abuse detection/i.test(error.message);
  return secondary ? SECONDARY_LIMIT_MS : undefined;
}

/** `retry-after`, in seconds or as a date. */
function waitMs(error: HttpFailure, now: number): number | undefined {
  const header = error.response?.headers?.["retry-after"];
  if (header === undefined) return undefined;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(String(header)) - now;
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

function said(error: unknown): string {
  return visible(error instanceof Error ? error.message : "").slice(0, 500);
}
