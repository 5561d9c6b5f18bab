import type { Outcome } from "../core/outcome.ts";
import { outcomeOfError } from "./outcome-of-error.ts";

/** The ending that an error of the model means; undefined for any other error. */
export function modelFailure(
  error: unknown,
): Extract<Outcome, { kind: "model-failed" | "budget-exhausted" }> | undefined {
  const outcome = outcomeOfError(error);
  const isOfModel = outcome?.kind === "model-failed" || outcome?.kind === "budget-exhausted";
  return isOfModel ? outcome : undefined;
}
