import { trackingComment } from "../conversation/tracking-comment.ts";
import type { Ledger } from "../core/budget.ts";
import type { Outcome } from "../core/outcome.ts";
import { type Overdue, type Questions, taskAfter } from "../core/question.ts";
import { trackingEffect } from "./task-effects.ts";

interface Waiting {
  readonly questions: Questions;
  readonly ledger: Pick<Ledger, "costOf">;
  /** How long a plan waits for a word. */
  readonly days: number;
}

const DAY_MS = 86_400_000;

/** Ends plans that waited too long, or whose people asked for something newer; each is told. Resolves to how many. */
export async function giveUp({ questions, ledger, days }: Waiting): Promise<number> {
  let ended = 0;
  for (const overdue of await questions.overdue(days * DAY_MS)) {
    const { record, question, answers } = overdue;
    const task = taskAfter(record.task, answers);
    const outcome = endingOf(overdue, days);
    const cost = await ledger.costOf(task.id);
    const { plan, usage } = question;
    const body = trackingComment({ task, plan, answers, usage, cost, outcome });
    const asked = { taskId: task.id, epoch: record.epoch };
    if (await questions.withdraw(asked, outcome, [trackingEffect(task, body)])) ended += 1;
  }
  return ended;
}

function endingOf({ replacedBy }: Overdue, days: number): Outcome {
  if (replacedBy !== undefined) {
    const reason = `${replacedBy} asked for something newer here, so this plan was left.`;
    return { kind: "not-approved", because: "replaced", reason };
  }
  const time = days === 1 ? "a day" : `${days} days`;
  const reason = `Nobody approved the plan within ${time}. The same request makes a new one.`;
  return { kind: "not-approved", because: "expired", reason };
}
