import { NexusError } from "../../src/core/errors.ts";

/** What a model throws that nobody pays for any more: the task's five millionths of a dollar are spent. */
export function outOfMoney(): NexusError {
  const exhaustion = { cap: "task", limit: 5, settled: 5, reserved: 0 } as const;
  return new NexusError("model.budget-exhausted", "The budget has no room.", { exhaustion });
}
