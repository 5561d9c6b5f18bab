import { checkRunText } from "../conversation/check-run-text.ts";
import { isWeakened } from "../conversation/weakened-text.ts";
import { NexusError } from "../core/errors.ts";
import type { Evidence } from "../core/evidence.ts";
import type { TaskState } from "./task-state.ts";
import type { Workbench } from "./workbench.ts";

interface Proof {
  readonly bench: Workbench;
  readonly state: TaskState;
  readonly evidence: Evidence;
}

/** The proof on the head; why it is not there, where the platform refuses: that takes nothing from the proof. */
export async function writeCheckRun(
  { bench, state, evidence }: Proof,
  signal: AbortSignal,
): Promise<string | undefined> {
  const run = {
    kind: "check-run",
    head: evidence.commit,
    name: "Nexus shadow run",
    conclusion: conclusionOf(evidence),
    ...checkRunText(evidence, state.unfinished),
    externalId: state.task.id,
  } as const;
  try {
    await bench.desk.carryOut("check-run", run, { signal });
    return undefined;
  } catch (error) {
    if (error instanceof NexusError && error.code.startsWith("github.")) return error.message;
    throw error;
  }
}

/** Green with weaker tests is not the green that it was. */
function conclusionOf(evidence: Evidence): "success" | "failure" | "neutral" {
  if (!evidence.passed) return "failure";
  return isWeakened(evidence) ? "neutral" : "success";
}
