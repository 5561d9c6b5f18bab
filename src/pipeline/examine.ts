import type { Evidence } from "../core/evidence.ts";
import { findWeakened } from "./find-weakened.ts";
import { prove } from "./prove.ts";
import { toSendBack } from "./sent-back.ts";
import { isResolving, type SentBack, type TaskState } from "./task-state.ts";
import type { Workbench } from "./workbench.ts";

interface Ran {
  readonly bench: Workbench;
  readonly state: TaskState;
  readonly evidence: Evidence;
}

/**
 * What exit codes do not say: where the branch makes tests prove less, and whether what is to prove it fails without
 * it. The merge of a pull request with its base is other people's work, and is left alone.
 */
export async function examined(
  { bench, state, evidence }: Ran,
  signal: AbortSignal,
): Promise<Evidence> {
  if (isResolving(state)) return evidence;
  const weakened = await findWeakened(bench, state);
  if (!evidence.passed) return { ...evidence, ...weakened };
  const proofs = [...(await prove({ bench, state, evidence }, signal))];
  return { ...evidence, ...weakened, ...(proofs.length > 0 && { proofs }) };
}

/** What is given back of a green run: once, where somebody is there to mend it and may still try. */
export function sendBack({ bench, state, evidence }: Ran): SentBack | undefined {
  const isOver = state.sentBack !== undefined || state.corrections >= bench.limits.corrections;
  if (!evidence.passed || isOver || !bench.team || !state.workPlan) return undefined;
  return toSendBack(evidence, state);
}
