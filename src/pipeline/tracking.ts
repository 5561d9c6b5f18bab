import { trackingComment } from "../conversation/tracking-comment.ts";
import type { Outcome } from "../core/outcome.ts";
import type { Task } from "../core/task.ts";
import type { TaskState } from "./task-state.ts";

/** The tracking comment as it should read for what is known of the task. */
export function trackingOf(
  task: Task,
  state: Partial<TaskState>,
  at: { now: string } | { outcome: Outcome },
): string {
  return trackingComment({
    task,
    plan: state.workPlan,
    done: state.results?.map(({ item }) => item),
    baseline: state.baseline,
    usage: state.usage,
    ...at,
  });
}
