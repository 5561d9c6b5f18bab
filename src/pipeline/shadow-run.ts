import type { CheckResult, Evidence } from "../core/evidence.ts";
import type { Mirror } from "../core/git.ts";
import type { Sandbox, SandboxSession } from "../core/sandbox.ts";
import type { NamedCheck } from "./every-check.ts";

interface ShadowRun {
  readonly sandbox: Sandbox;
  readonly mirror: Mirror;
  readonly taskId: string;
  readonly base: string;
  readonly commit: string;
  readonly checks: readonly NamedCheck[];
}

/** Runs the checks on one commit in a fresh mirror. Touches nothing outside; a red check is a result. */
export async function shadowRun(run: ShadowRun, signal: AbortSignal): Promise<Evidence> {
  const { sandbox, mirror, taskId, base, commit } = run;
  const checks: CheckResult[] = [];
  let image = "";
  for (const check of run.checks) {
    // A container for each check: what one of them leaves behind cannot make the next one green.
    await using session = await sandbox.open({ gitDir: mirror.gitDir, commit, taskId }, signal);
    image = session.image;
    checks.push(await runCheck(check, session));
  }
  const passed = checks.length > 0 && checks.every((check) => check.passed);
  const tree = await mirror.treeOf(commit);
  return { base, commit, tree, image, checks, passed };
}

/** One check in an open session. */
async function runCheck(check: NamedCheck, session: SandboxSession): Promise<CheckResult> {
  const result = await session.run(["sh", "-c", check.command]);
  return { ...result, ...check, passed: result.ending === "exited" && result.exitCode === 0 };
}
