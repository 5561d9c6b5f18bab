import { type ErrorCode, NexusError } from "../core/errors.ts";
import type { Outcome } from "../core/outcome.ts";

/** The work was taken away or stopped: that says nothing about the task. */
const CUT_OFF: ReadonlySet<ErrorCode> = new Set(["task.lease-lost", "aborted"]);

/** An error that is an answer to a person; undefined for one that may be gone at the next try, and for bugs. */
export function outcomeOfError(error: unknown): Outcome | undefined {
  if (!(error instanceof NexusError)) return undefined;
  const { code, message: reason, hint } = error;
  const told = { code, reason, ...(hint !== undefined && { hint }) };
  if (error.exhaustion) {
    return { kind: "budget-exhausted", ...error.exhaustion, reason, ...(hint && { hint }) };
  }
  // The adapter has tried its bounded number of times already.
  if (code.startsWith("model.")) return { kind: "model-failed", ...told };
  if (error.retryable || CUT_OFF.has(code)) return undefined;
  if (code === "sandbox.setup-failed") {
    return {
      kind: "setup-failed",
      reason: hint ?? "The dependencies could not be installed.",
      output: reason,
    };
  }
  if (code === "sandbox.refused-path" && error.paths.length > 0) {
    return { kind: "paths-refused", paths: [...error.paths] };
  }
  return { kind: "failed", ...told };
}
