import { withMergeSection } from "../conversation/merge-section.ts";
import { NexusError } from "../core/errors.ts";
import type { Evidence } from "../core/evidence.ts";
import { type Base, baseOf, type TaskState } from "./task-state.ts";
import type { Workbench } from "./workbench.ts";

interface Told {
  readonly bench: Workbench;
  readonly state: TaskState;
  readonly mergedWith: Base;
  readonly evidence: Evidence;
  readonly before: Evidence | undefined;
}

const OURS = "nexus/";

/** Tells a merge in the body of a pull request of Nexus' own. What the platform refuses takes nothing from the merge. */
export async function tellInBody(
  { bench, state, mergedWith, evidence, before }: Told,
  signal: AbortSignal,
): Promise<void> {
  const { branch } = baseOf(state);
  if (!branch.startsWith(OURS)) return;
  const { issue: number } = state.task;
  try {
    const platform = await bench.platform();
    const [{ title, base }, issue] = await Promise.all([
      platform.pullRequest(number),
      platform.issue(number),
    ]);
    const body = withMergeSection(issue.body, { base: mergedWith, evidence, before });
    if (body === undefined) return;
    const wish = { kind: "pull-request", number, branch, base, title, body, draft: false } as const;
    await bench.desk.carryOut("body", wish, { signal });
  } catch (error) {
    if (!(error instanceof NexusError && error.code === "github.refused")) throw error;
  }
}
