import { branchName } from "../conversation/branch-name.ts";
import type { Pushed } from "../conversation/pushed-text.ts";
import { trackingComment } from "../conversation/tracking-comment.ts";
import type { Cost } from "../core/budget.ts";
import { effectId } from "../core/effect.ts";
import type { Outcome } from "../core/outcome.ts";
import type { Progress } from "../core/progress.ts";
import type { Question } from "../core/question.ts";
import type { Effects } from "../core/record.ts";
import type { Task } from "../core/task.ts";
import { isResolving, type TaskState } from "./task-state.ts";

/** The tracking comment as it should read for what is known of the task. */
export function trackingOf(
  task: Task,
  state: Partial<TaskState>,
  at: { cost?: Cost | undefined; progress?: Progress | undefined } & (
    | { now: string }
    | { question: Question }
    | { outcome: Outcome; pushed: Pushed | undefined }
  ),
): string {
  return trackingComment({
    task: state.task ?? task,
    answers: state.asked?.answers,
    plan: state.workPlan,
    done: doneIn(state),
    baseline: state.baseline,
    usage: state.usage,
    leftBehind: state.leftBehind,
    ...at,
  });
}

/** What is left out of the branch is done no more. */
function doneIn({ results = [], unfinished = [] }: Partial<TaskState>): readonly string[] {
  const left = new Set(unfinished.map(({ item }) => item));
  return results.map(({ item }) => item).filter((item) => !left.has(item));
}

/** What any run of a task wanted pushed, and what was read back of it; undefined where none ever wanted a push. */
export async function pushedBy(
  task: Task,
  effects: Pick<Effects, "status">,
  { base }: Pick<Partial<TaskState>, "base"> = {},
): Promise<Pushed | undefined> {
  const [push, pull] = await Promise.all(
    ["push", "pull-request"].map((name) => effects.status(effectId(task.id, name))),
  );
  if (!push) return undefined;
  const head = push.state === "done" && push.result.kind === "push" ? push.result.head : undefined;
  const pullRequest =
    pull?.state === "done" && pull.result.kind === "pull-request" ? pull.result : undefined;
  const branch = (isResolving({ task }) && base?.branch) || branchName(task);
  return { branch, head, pullRequest };
}

/** Whether this ending is nobody's business: nobody asked, and nothing came of it. */
export function isQuiet({ keepsMergeable = false }: Task, outcome?: Outcome): boolean {
  if (!keepsMergeable) return false;
  return !outcome || outcome.kind === "nothing-to-do" || outcome.kind === "refused";
}
