import { NexusError } from "../core/errors.ts";

/** Throws `aborted` once the signal has fired. */
export function throwIfStopped(signal: AbortSignal): void {
  if (!signal.aborted) return;
  throw new NexusError("aborted", "The work was stopped.", { cause: signal.reason });
}
