import { type Unheard, unheardText } from "../conversation/approval-text.ts";
import { misreadText } from "../conversation/misread.ts";
import { planWithout, type Reply, readReply } from "../conversation/plan-edits.ts";
import { refusalText } from "../conversation/refusal.ts";
import { trackingComment } from "../conversation/tracking-comment.ts";
import type { Approval } from "../core/approval.ts";
import type { Ledger } from "../core/budget.ts";
import { dollars } from "../core/dollars.ts";
import { type Effect, effectId } from "../core/effect.ts";
import type { OpenPlatform } from "../core/platform.ts";
import {
  type Answer,
  type Asked,
  type Questions,
  type Standing,
  taskAfter,
} from "../core/question.ts";
import type { Effects, Inbox, TaskRecord } from "../core/record.ts";
import { effect, replyEffect, trackingEffect } from "./task-effects.ts";

interface Hearing {
  readonly inbox: Inbox;
  readonly questions: Questions;
  readonly effects: Pick<Effects, "status">;
  readonly ledger: Pick<Ledger, "costOf">;
  readonly open: OpenPlatform;
}

/** How soon a plan that is being written down for people is looked at again. */
const LOOK_AGAIN_MS = 2_000;

/** Takes somebody's word on a plan: it becomes the answer that the plan waits for, or is answered itself, once. */
export async function hear(approval: Approval, hearing: Hearing): Promise<void> {
  const { inbox, questions } = hearing;
  const standing = await questions.newest(approval);
  const sight = await sightOf(approval, standing, hearing);
  // Whether the plan was there before this word is known when it was read back.
  if (sight === "coming") return inbox.postpone(approval, LOOK_AGAIN_MS);
  const platform = await hearing.open(approval);
  const permission = await platform.permission(approval.requestedBy);
  if (permission !== "admin" && permission !== "write") {
    const body = refusalText(approval.requestedBy);
    return inbox.refuse(approval, `permission: ${permission}`, [replyEffect(approval, body)]);
  }
  if (approval.misread !== undefined) {
    const body = misreadText(approval.requestedBy, approval.misread);
    return inbox.refuse(approval, "misread", [replyEffect(approval, body)]);
  }
  const heard = await affordable(judged(approval, sight, standing), hearing);
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

type Sight = "unseen" | "coming" | "seen";

/** Whether whoever gave the word can have read the plan: both comments are dated by the platform's clock. */
async function sightOf(
  { madeAt }: Approval,
  standing: Standing | undefined,
  { effects }: Pick<Hearing, "effects">,
): Promise<Sight> {
  if (standing?.record.state !== "asked" || !standing.isSeen) return "unseen";
  const shown = await effects.status(effectId(standing.record.task.id, "tracking"));
  if (shown?.state === "wanted") return "coming";
  if (shown?.state !== "done" || shown.result.kind !== "comment") return "unseen";
  const { shownAt } = shown.result;
  const isEarlier =
    madeAt !== undefined && shownAt !== undefined && second(madeAt) < second(shownAt);
  return isEarlier ? "unseen" : "seen";
}

/** GitHub's times are no finer. */
function second(time: string): string {
  return time.slice(0, "2026-01-31T12:34:56".length);
}

interface Waiting {
  readonly record: TaskRecord;
  readonly asked: Asked;
}

interface Heard extends Waiting {
  readonly answer: Answer;
}

/** A budget that is spent already would end the task, and lose the plan, before anybody works. */
async function affordable(
  heard: Unheard | Heard,
  { ledger }: Pick<Hearing, "ledger">,
): Promise<Unheard | Heard> {
  if (!("answer" in heard) || heard.answer.budget === undefined) return heard;
  const { budget } = heard.answer;
  const { spent } = await ledger.costOf(heard.record.task.id);
  if (budget > spent) return heard;
  const problem = `The plan alone has cost ${dollars(spent)}: a budget of ${dollars(budget)} leaves nothing for the work.`;
  return { kind: "unclear", problem };
}

function judged(approval: Approval, sight: Sight, standing: Standing | undefined): Unheard | Heard {
  if (approval.slip !== undefined) return { kind: "slip", slip: approval.slip };
  const waiting = waitingOf(sight, standing);
  if ("kind" in waiting) return waiting;
  const { question } = waiting.asked;
  const read = readReply(approval.words, question.plan);
  if ("problem" in read) return { kind: "unclear", problem: read.problem };
  const { questions = [] } = question.plan;
  if (questions.length > 0 && read.reply.words === "") return { kind: "still-open", questions };
  return { ...waiting, answer: answerOf(approval, read.reply) };
}

/** The plan that the word is about, or why there is none. */
function waitingOf(sight: Sight, standing: Standing | undefined): Unheard | Waiting {
  const { record, asked } = standing ?? {};
  if (!record || record.state === "done") return { kind: "nothing-waits" };
  if (!asked) return { kind: record.task.planFirst ? "not-there-yet" : "nothing-waits" };
  const last = asked.answers.at(-1);
  if (record.state !== "asked") return { kind: "answered", by: last?.by ?? "Somebody" };
  if (sight !== "seen") return { kind: last ? "made-anew" : "not-there-yet" };
  return { record, asked };
}

function answerOf(
  { id, requestedBy, commentId, words: said, budget: option, dryRun, hold }: Approval,
  { without, kept, words, budget: spoken }: Reply,
): Answer {
  const budgets = [option, spoken].filter((budget) => budget !== undefined);
  return {
    id,
    by: requestedBy,
    commentId,
    said,
    words,
    without: [...without],
    ...(kept && { kept: [...kept] }),
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
