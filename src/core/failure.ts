import type { Check } from "./plan.ts";

/** One check that failed, with what is known of why. */
export interface Failure {
  readonly check: Check;
  /** The tool behind the command where it is known, such as `prettier`. */
  readonly tool: string | undefined;
  /** The simple commands behind the check, package scripts followed; empty where a shell would have to be understood. */
  readonly commands: readonly string[];
  readonly output: string;
}
