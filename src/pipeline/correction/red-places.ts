import type { CheckResult, Evidence } from "../../core/evidence.ts";
import type { Mirror } from "../../core/git.ts";
import { failingPlaces } from "../../healing/places/failing-places.ts";
import type { FailingPlaces } from "../../healing/places/place.ts";

/** A red check with what its output complains about. */
export interface RedCheck extends FailingPlaces {
  readonly check: CheckResult;
}

/** The red checks of a shadow run, in their order. */
export async function redChecks(
  { checks, commit }: Evidence,
  mirror: Pick<Mirror, "listFiles">,
): Promise<readonly RedCheck[]> {
  const files = await mirror.listFiles(commit);
  return checks
    .filter(({ passed }) => !passed)
    .map((check) => ({ check, ...failingPlaces(check.output, files) }));
}
