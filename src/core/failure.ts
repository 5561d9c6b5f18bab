import type { Check } from "./plan.ts";

/** One check that failed, with what is known of why. */
export interface Failure {
  readonly check: Check;
  /** The tool behind the command where it is known, such as `prettier`. */
  readonly tool: string | undefined;
  readonly output: string;
}
