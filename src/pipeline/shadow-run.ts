import { NexusError } from "../core/errors.ts";
import type { CheckResult, Evidence } from "../core/evidence.ts";
import type { Mirror } from "../core/git.ts";
import type { EnvironmentWish, Sandbox } from "../core/sandbox.ts";
import { reportPlan } from "../healing/reports/report-plan.ts";
import type { ReportPlan } from "../healing/reports/runner.ts";
import type { NamedCheck } from "./every-check.ts";
import type { Keeper } from "./keep-for-people.ts";
import { runCheck } from "./run-check.ts";
import { readRunnerFiles } from "./runner-files.ts";

interface ShadowRun {
  readonly sandbox: Sandbox;
  readonly mirror: Mirror;
  readonly taskId: string;
  readonly environment?: EnvironmentWish | undefined;
  readonly base: string;
  readonly commit: string;
  readonly checks: readonly NamedCheck[];
  /** Told of each check's result while its session is still open. */
  readonly afterCheck?: Keeper["afterCheck"] | undefined;
  /** Told of each check's result as it counts. */
  readonly onCheck?: ((result: CheckResult) => void) | undefined;
}

/**
 * Runs the checks on one commit in a fresh mirror. Touches nothing outside; a red check is a result. Throws
 * `sandbox.unavailable`, retryable, where the image changes between two checks: evidence is of one.
 */
export async function shadowRun(run: ShadowRun, signal: AbortSignal): Promise<Evidence> {
  const { sandbox, mirror, taskId, environment, base, commit } = run;
  const checks: CheckResult[] = [];
  let image = "";
  const files = await readRunnerFiles(mirror, commit);
  for (const [index, check] of run.checks.entries()) {
    const plan = reportPlan(check, files);
    const more = index + 1 < run.checks.length;
    const first = await inNewSession(check, plan, more);
    // The runner does not know what was added for the report: then as the repository wrote it.
    const result = isRefusal(plan, first) ? await inNewSession(check, {}, more) : first;
    checks.push(result);
    run.onCheck?.(result);
  }
  const passed = checks.length > 0 && checks.every((check) => check.passed);
  const tree = await mirror.treeOf(commit);
  const network = environment?.network ?? [];
  const reach = network.length > 0 ? { network: [...network] } : {};
  return { base, commit, tree, image, ...reach, checks, passed };

  /** A container for each run: what one of them leaves behind cannot make the next one green. */
  async function inNewSession(check: NamedCheck, plan: ReportPlan, more: boolean) {
    const workspace = { gitDir: mirror.gitDir, commit, taskId, environment };
    await using session = await sandbox.open(workspace, signal);
    // The next one starts while this check runs.
    if (more) sandbox.warm(workspace);
    image = sameImage(image, session.image);
    const result = await runCheck(check, { session, plan });
    if (!isRefusal(plan, result)) await run.afterCheck?.(result, session);
    return result;
  }
}

function sameImage(before: string, now: string): string {
  if (before === "" || before === now) return now;
  throw new NexusError("sandbox.unavailable", "The sandbox image changed between two checks.", {
    hint: "Somebody has built or pulled it anew meanwhile; the checks have to be run again on one image.",
    retryable: true,
  });
}

function isRefusal({ refusal }: ReportPlan, { exitCode }: CheckResult): boolean {
  return refusal !== undefined && refusal === exitCode;
}
