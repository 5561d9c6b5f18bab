import type { Evidence } from "../core/evidence.ts";
import type { Failure } from "../core/failure.ts";
import { readPackageScripts } from "./package-scripts.ts";
import { toolBehind } from "./tool-behind.ts";

/** The checks that failed, each with the programs behind it as the package's scripts name them. */
export function failuresIn(evidence: Evidence, packageJson: string | undefined): Failure[] {
  const { scripts } = readPackageScripts(packageJson);
  return evidence.checks
    .filter(({ passed }) => !passed)
    .map(({ name, command, output }) => {
      const check = { name, command };
      return { check, ...toolBehind(check, scripts), output };
    });
}
