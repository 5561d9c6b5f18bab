import { type Unheard, unheardText } from "../conversation/approval-text.ts";
import { misreadText } from "../conversation/misread.ts";
import { planWithout, type Reply, readReply } from "../conversation/plan-edits.ts";
import { refusalText } from "../conversation/refusal.ts";
import { trackingComment } from "../conversation/tracking-comment.ts";
import type { Approval } from "../core/approval.ts";
import type { Effect } from "../core/effect.ts";
import type { OpenPlatform } from "../core/platform.ts";
import {
  type Answer,
  type Asked,
  type Questions,
  type Standing,
  taskAfter,
} from "../core/question.ts";
import type { Inbox, TaskRecord } from "../core/record.ts";
import { effect, replyEffect, trackingEffect } from "./task-effects.ts";

interface Hearing {
  readonly inbox: Inbox;
  readonly questions: Questions;
  readonly open: OpenPlatform;
}

/** How soon a plan that is being made is looked at again. */
const LOOK_AGAIN_MS = 2_000;

/** Takes somebody's word on a plan: it becomes the answer that the plan waits for, or is answered itself, once. */
export async function hear(approval: Approval, { inbox, questions, open }: Hearing): Promise<void> {
  const standing = await questions.newest(approval);
  // A word that overtakes its plan is kept for it.
  if (standing && isBeingPlanned(standing)) return inbox.postpone(approval, LOOK_AGAIN_MS);
  const platform = await open(approval);
  const permission = await platform.permission(approval.requestedBy);
  if (permission !== "admin" && permission !== "write") {
    const body = refusalText(approval.requestedBy);
    return inbox.refuse(approval, `permission: ${permission}`, [replyEffect(approval, body)]);
  }
  if (approval.misread !== undefined) {
    const body = misreadText(approval.requestedBy, approval.misread);
    return inbox.refuse(approval, "misread", [replyEffect(approval, body)]);
  }
  const heard = judged(approval, standing);
  if (!("answer" in heard)) {
    const body = unheardText(approval, heard);
    return inbox.refuse(approval, heard.kind, [replyEffect(approval, body)]);
  }
  const { answer, record, asked } = heard;
  const after = { record, asked: { ...asked, answers: [...asked.answers, answer] } };
  const waiting = { taskId: record.task.id, epoch: record.epoch };
  // Where somebody was first, the delivery stays, and is told so at the next look.
  await questions.answer(waiting, { approval, answer }, heardEffects(approval, after));
}

function isBeingPlanned({ record: { state, task }, asked }: Standing): boolean {
  return (state === "waiting" || state === "running") && task.planFirst === true && !asked;
}

interface Waiting {
  readonly record: TaskRecord;
  readonly asked: Asked;
}

function judged(
  approval: Approval,
  standing: Standing | undefined,
): Unheard | (Waiting & { readonly answer: Answer }) {
  const { record, asked, isSeen } = standing ?? {};
  if (!record || !asked || record.state === "done") return { kind: "nothing-waits" };
  const { question, answers } = asked;
  const last = answers.at(-1);
  if (record.state !== "asked") return { kind: "answered", by: last?.by ?? "Somebody" };
  if (last && !isSeen) return { kind: "unseen" };
  const read = readReply(approval.words, question.plan);
  if ("problem" in read) return { kind: "unclear", problem: read.problem };
  const { questions = [] } = question.plan;
  if (questions.length > 0 && read.reply.words === "") return { kind: "still-open", questions };
  return { record, asked, answer: answerOf(approval, read.reply) };
}

function answerOf(
  { id, requestedBy, commentId, words: said, budget: option, dryRun, hold }: Approval,
  { without, words, budget: spoken }: Reply,
): Answer {
  const budgets = [option, spoken].filter((budget) => budget !== undefined);
  return {
    id,
    by: requestedBy,
    commentId,
    said,
    words,
    without: [...without],
    ...(budgets.length > 0 && { budget: Math.min(...budgets) }),
    ...(dryRun && { dryRun }),
    ...(hold && { hold }),
  };
}

/** People see at once that they were heard, also when no worker is free. */
function heardEffects({ id, commentId }: Approval, { record, asked }: Waiting): readonly Effect[] {
  const { question, answers } = asked;
  const task = taskAfter(record.task, answers);
  const edited = planWithout(question.plan, answers.at(-1)?.without ?? []);
  const plan = "plan" in edited ? edited.plan : question.plan;
  return [
    effect(task, `reaction-${id}`, { kind: "reaction", commentId, content: "eyes" }),
    trackingEffect(task, trackingComment({ task, plan, answers })),
  ];
}
