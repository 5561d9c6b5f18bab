import { NexusError } from "../core/errors.ts";
import type { Evidence } from "../core/evidence.ts";
import { isRedAsBefore } from "./red-before.ts";
import { headOf, type TaskState } from "./task-state.ts";

/** Evidence for exactly the commit that would be pushed; anything else is a bug worth stopping for. */
export function greenEvidence(state: TaskState): Evidence {
  const { evidence } = state;
  if (!evidence?.passed || evidence.commit !== headOf(state)) {
    throw new NexusError("git.failed", "The branch's head is not the commit that was verified.");
  }
  return evidence;
}

/** The same for a merge, which may also leave red what was red before it in the same way. */
export function mergeEvidence(state: TaskState): Evidence {
  const { evidence, baseline } = state;
  const isLeft = evidence?.commit === headOf(state) && isRedAsBefore(evidence, baseline);
  return evidence && isLeft ? evidence : greenEvidence(state);
}
