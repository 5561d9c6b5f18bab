import type { CheckResult, Evidence } from "../core/evidence.ts";
import type { MergeStage } from "../core/merge.ts";
import { shadowRun } from "./shadow-run.ts";
import { baseOf, type TaskState } from "./task-state.ts";
import { tellCheck } from "./tell-check.ts";
import type { Workbench } from "./workbench.ts";

/** The checks that are red on a merge, on the pull request as it was before: who is to blame is run, never guessed. */
export async function checksBefore(
  bench: Workbench,
  state: TaskState,
  { after, signal }: { readonly after: Evidence; readonly signal: AbortSignal },
): Promise<Evidence> {
  const red = new Set(after.checks.filter(({ passed }) => !passed).map(keyOf));
  const { commit } = baseOf(state);
  await bench.desk.track(
    state,
    "red: running the same checks on the pull request before the merge",
  );
  const before = await shadowRun(
    {
      sandbox: bench.sandbox,
      mirror: await bench.mirror(),
      taskId: state.task.id,
      environment: state.environment,
      base: commit,
      commit,
      checks: state.checks.filter((check) => red.has(keyOf(check))),
      onCheck: tellCheck(bench, "base"),
    },
    signal,
  );
  await bench.keepEvidence(before);
  return before;
}

/**
 * Whether a merge changed nothing of what fails: every red check failed before in the same way, to the words of its
 * output, and every place was settled by proof. Where a model, an earlier resolution, a command that makes files anew or git's merge
 * of what a program wrote was trusted, only green counts.
 */
export function isRedAsBefore(after: Evidence, before: Evidence | undefined): boolean {
  const isGuessed = (after.merge ?? []).some(({ hunks }) =>
    hunks.some(({ stage }) => TRUSTED.includes(stage)),
  );
  if (!before || isGuessed) return false;
  const earlier = new Map(before.checks.map((check) => [keyOf(check), check]));
  const red = after.checks.filter(({ passed }) => !passed);
  return red.every((check) => failsAlike(check, earlier.get(keyOf(check))));
}

const TRUSTED: readonly MergeStage[] = ["model", "remembered", "regenerated", "git"];

function keyOf({ name, command }: Pick<CheckResult, "name" | "command">): string {
  return JSON.stringify([name, command]);
}

function failsAlike(now: CheckResult, before: CheckResult | undefined): boolean {
  if (!before || before.passed) return false;
  const wholes = [now, before].every(({ ending, truncated }) => ending === "exited" && !truncated);
  if (!wholes || now.exitCode !== before.exitCode || now.signal !== before.signal) return false;
  return timeless(now.output) === timeless(before.output);
}

/** Times are never the same twice. Everything else may be the failure, counts of tests among it. */
function timeless(output: string): string {
  return output
    .replaceAll(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?Z?|\b\d\d:\d\d:\d\d\b/g, "<time>")
    .replaceAll(
      /\b\d{1,12}(?:[.,]\d{1,12})? ?(?:ns|µs|us|ms|s|secs?|seconds?|minutes?|min)\b/g,
      "<time>",
    );
}
