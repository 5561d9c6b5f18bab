import type { Failure } from "./failure.ts";

/** A rule that repairs a known failure without a model. */
export interface Fixer {
  readonly name: string;
  /** The command that repairs this failure, or undefined where the rule does not apply. Runs in the sandbox only. */
  command(failure: Failure): string | undefined;
}
