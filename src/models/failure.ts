import { NexusError } from "../core/errors.ts";
import { errorOfRejection, modelError } from "./provider-error.ts";
import { Rejected } from "./rejection.ts";
import type { Watch } from "./watch.ts";

const MAX_MESSAGE = 600;

/** What went wrong in our words. Our own reasons to stop come first: they look like network trouble. */
export function explained(error: unknown, watch: Watch): unknown {
  const ended = watch.ended();
  if (ended === "aborted") return aborted();
  if (ended === "deadline") return modelError("model.timeout", "The model took too long.");
  if (ended === "silence")
    return modelError("model.timeout", "The model sent nothing for too long.");
  return error instanceof Rejected ? errorOfRejection(error.why, Date.now()) : error;
}

/** The caller's own wish. */
export function aborted(): NexusError {
  return new NexusError("aborted", "The model call was stopped.");
}

/** No connection, told by its deepest cause. What we threw ourselves inside of a library stays what it is. */
export function unreachable(error: Error): NexusError {
  const root = rootOf(error);
  if (root instanceof NexusError) return root;
  const why = root.message || root.name;
  const failure = modelError("model.unreachable", `No connection to the model's vendor: ${why}`);
  const { code, message, hint = "", retryable } = failure;
  return new NexusError(code, message, { hint, retryable, unsent: isUnsent(root) });
}

/** Before there is a connection nothing of a request leaves this machine. */
const NO_CONNECTION = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

function isUnsent(error: Error): boolean {
  return "code" in error && typeof error.code === "string" && NO_CONNECTION.has(error.code);
}

function rootOf(error: Error): Error {
  return error.cause instanceof Error ? rootOf(error.cause) : error;
}

/** A vendor may quote a key back at us, and at any length. Nothing that could hold it is kept as cause. */
export function presentable(error: unknown, secrets: readonly string[]): unknown {
  if (!(error instanceof NexusError)) return error;
  const { code, hint, retryable, retryAfterMs, unsent, charged } = error;
  return new NexusError(code, withoutSecrets(error.message, secrets).slice(0, MAX_MESSAGE), {
    retryable,
    unsent,
    ...(hint === undefined ? {} : { hint }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(charged === undefined ? {} : { charged }),
  });
}

function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret !== "")
    .reduce((shown, secret) => shown.replaceAll(secret, "[key]"), text);
}
