import { APIConnectionError, APIConnectionTimeoutError, APIError } from "openai";
import { NexusError } from "../core/errors.ts";
import { errorOfRejection, modelError } from "./provider-error.ts";
import { rejectionOf } from "./rejection.ts";
import type { Watch } from "./watch.ts";

const MAX_MESSAGE = 600;

/** What went wrong in our words. Our own reasons to stop come first: they look like network trouble. */
export function explained(error: unknown, watch: Watch): unknown {
  const ended = watch.ended();
  if (ended === "aborted") return aborted();
  if (ended === "deadline") return modelError("model.timeout", "The model took too long.");
  if (ended === "silence")
    return modelError("model.timeout", "The model sent nothing for too long.");
  if (error instanceof APIConnectionTimeoutError) {
    return modelError("model.timeout", "The model's vendor did not answer in time.");
  }
  if (error instanceof APIConnectionError) {
    return modelError("model.unreachable", `No connection to the model's vendor: ${rootOf(error)}`);
  }
  return error instanceof APIError ? errorOfRejection(rejectionOf(error), Date.now()) : error;
}

/** The caller's own wish. */
export function aborted(): NexusError {
  return new NexusError("aborted", "The model call was stopped.");
}

function rootOf(error: Error): string {
  return error.cause instanceof Error ? rootOf(error.cause) : error.message;
}

/** A vendor may quote the key back at us, and at any length. Nothing that could hold it is kept as cause. */
export function presentable(error: unknown, apiKey: string): unknown {
  if (!(error instanceof NexusError)) return error;
  const { code, hint, retryable, retryAfterMs } = error;
  return new NexusError(code, error.message.replaceAll(apiKey, "[key]").slice(0, MAX_MESSAGE), {
    retryable,
    ...(hint === undefined ? {} : { hint }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}
