import type { CheckResult } from "../core/evidence.ts";
import type { Workbench } from "./workbench.ts";

/** Tells of each check that was run, by its name and how it ended. */
export function tellCheck({ tell }: Pick<Workbench, "tell">, on: "base" | "head") {
  return ({ name, passed, exitCode, ending, durationMs }: CheckResult): void =>
    tell({ kind: "check", name, on, passed, exitCode, ending, durationMs });
}
