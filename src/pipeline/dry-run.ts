import type { Outcome, RecordedCommand } from "../core/outcome.ts";
import { everyCheck } from "./every-check.ts";
import { baseOf, headOf, type TaskState } from "./task-state.ts";
import type { Workbench } from "./workbench.ts";

/** The checks as a dry run writes them down. */
export function writtenChecks(state: TaskState, on: "the base" | "the result"): RecordedCommand[] {
  return everyCheck(state).map(({ name, command }) => ({
    purpose: `check ${name} on ${on}`,
    command,
  }));
}

/** How a dry run ends: with the commands that were not executed, and what would have been proposed. */
export async function dryRunOutcome(bench: Workbench, state: TaskState): Promise<Outcome> {
  const mirror = await bench.mirror();
  const [base, head] = [baseOf(state).commit, headOf(state)];
  const files = base === head ? [] : [...(await mirror.changedFiles(base, head))];
  const { workPlan: plan, written } = state;
  return { kind: "dry-run", commands: [...written], files, ...(plan && { plan }) };
}
