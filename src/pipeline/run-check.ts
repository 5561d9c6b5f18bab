import type { CheckResult, CommandResult, TestTotals } from "../core/evidence.ts";
import type { SandboxSession } from "../core/sandbox.ts";
import { MOST_BYTES } from "../healing/reports/bounds.ts";
import { readReport } from "../healing/reports/read-report.ts";
import type { ReportPlan } from "../healing/reports/runner.ts";
import type { NamedCheck } from "./every-check.ts";

interface Way {
  readonly session: SandboxSession;
  readonly plan: ReportPlan;
}

/** Runs one check in an open session, with the report its runner can make. What that says decides nothing. */
export async function runCheck(check: NamedCheck, way: Way): Promise<CheckResult> {
  const { session, plan } = way;
  const command = ["sh", "-c", plan.command ?? check.command];
  const result = await session.run(command);
  const tests = await totalsOf(result, way);
  const passed = result.ending === "exited" && result.exitCode === 0;
  return { ...result, ...check, passed, ...(tests && { tests }) };
}

/** A run that was cut short has no report, or half of one. */
async function totalsOf(result: CommandResult, way: Way): Promise<TestTotals | undefined> {
  const { file, stdout } = way.plan;
  if (result.ending !== "exited") return undefined;
  if (file) {
    const report = await bytesOf(file.path, way.session);
    return report && readReport(file.format, report);
  }
  return stdout && !result.truncated ? readReport(stdout, result.output) : undefined;
}

async function bytesOf(path: string, session: SandboxSession): Promise<Uint8Array | undefined> {
  try {
    return await session.readFile(path, MOST_BYTES);
  } catch {
    // The check has ended and its result stands: what cannot be counted is not worth losing it.
    return undefined;
  }
}
