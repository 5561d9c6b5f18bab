import type { Cost } from "../core/budget.ts";
import { dollars } from "../core/dollars.ts";
import type { Evidence } from "../core/evidence.ts";
import type { Outcome } from "../core/outcome.ts";
import type { Plan } from "../core/plan.ts";
import type { ItemProgress, Progress } from "../core/progress.ts";
import type { Answer, Question } from "../core/question.ts";
import type { Task } from "../core/task.ts";
import { NO_USAGE, type Usage } from "../core/usage.ts";
import { code, inline, quotation } from "./escape.ts";
import { type Intent, intentOf } from "./intent.ts";
import { leftBehindText } from "./left-behind-text.ts";
import { outcomeText } from "./outcome-text.ts";
import { answersText, questionText } from "./plan-text.ts";
import type { Pushed } from "./pushed-text.ts";
import { keptText, unfinishedIn, unfinishedText } from "./unfinished-text.ts";
import { costOfModels, usageText } from "./usage-text.ts";

/** What is known of a task. Everything but the task may still be missing. */
export interface TrackingView {
  readonly task: Task;
  /** What is being done, in our words. */
  readonly now?: string | undefined;
  readonly plan?: Plan | undefined;
  /** Ids of the work items that are done. */
  readonly done?: readonly string[] | undefined;
  /** Where the work items stand at this moment. */
  readonly progress?: Progress | undefined;
  /** The checks on the base, before anything was changed. */
  readonly baseline?: Evidence | undefined;
  readonly usage?: Usage | undefined;
  /** As it stands in the ledger. */
  readonly cost?: Cost | undefined;
  /** Files whose changes were dropped since they lie outside the work items. */
  readonly leftBehind?: readonly string[] | undefined;
  /** What people have to answer before anybody works. */
  readonly question?: Question | undefined;
  /** What they answered before. */
  readonly answers?: readonly Answer[] | undefined;
  readonly outcome?: Outcome | undefined;
  /** Absent where no run of the task ever wanted a push. */
  readonly pushed?: Pushed | undefined;
}

/** The first state of the tracking comment: the request as Nexus understood it. */
export function acceptedComment(task: Task): string {
  return trackingComment({ task });
}

/** The task's one comment, edited in place: every word ours or visibly quoted, every fact read from the record. */
export function trackingComment(view: TrackingView): string {
  const { task, outcome } = view;
  const ending = outcome && outcomeText(outcome, view);
  const asking = view.question && questionText(view.question);
  const told = ending ?? asking;
  const headline = told?.headline ?? (view.now === undefined ? "accepted" : "working");
  const paragraphs = [
    `### Nexus: ${headline}`,
    ...understood(task),
    ...answersText(view.answers ?? []),
    ...planned(view),
    ...(told?.paragraphs ?? [nowText(view.now)]),
    ...unfinishedText(unfinishedIn(outcome)),
    ...(outcome ? keptText(outcome, task.id) : []),
    ...(outcome ? leftBehindText(view.leftBehind) : []),
    ...costs(view),
    footer(task),
  ];
  return `${paragraphs.join("\n\n")}\n`;
}

function understood(task: Task): readonly string[] {
  if (task.keepsMergeable) return [KEPT];
  const { budget } = task;
  return [
    `**Understood as:** ${task.planFirst ? PLAN_FIRST : AIMS[intentOf(task.request).kind]}`,
    quotation(task.request),
    ...(budget === undefined ? [] : [`**Budget:** models may cost ${dollars(budget)} at most.`]),
  ];
}

function costs({ outcome, usage, cost }: TrackingView): readonly string[] {
  const price = costOfModels(cost);
  if (!outcome) return price === undefined ? [] : [`Models have cost ${price} so far.`];
  return usage || price !== undefined ? [usageText(usage ?? NO_USAGE, cost)] : [];
}

const KEPT =
  "The base of this pull request of Nexus' own got new commits that it conflicts with. Nobody asked: Nexus keeps it mergeable until a person commits to it.";
const PLAN_FIRST = "plan this, and wait for a word before anybody works on it.";
const CHANGE = "change the code, and prove the change with the checks.";
const AIMS: Readonly<Record<Intent["kind"], string>> = {
  repair: "make the failing checks pass.",
  resolve: "merge this pull request with its base, and prove the result with the checks.",
  change: CHANGE,
  help: CHANGE,
};

function nowText(now: string | undefined): string {
  return now === undefined
    ? "Waiting for a free worker. This comment will show how it goes."
    : `**Now:** ${inline(now, 300)}`;
}

function planned({ plan, done = [], progress, outcome }: TrackingView): readonly string[] {
  if (!plan) return [];
  const finished = new Set(outcome?.kind === "proposed" ? plan.items.map(({ id }) => id) : done);
  for (const { item } of unfinishedIn(outcome)) finished.delete(item);
  const items = plan.items.map(({ id, title, department }) => {
    const isDone = finished.has(id);
    const at = outcome || isDone ? undefined : progress?.items.find((item) => item.id === id);
    return `- [${isDone ? "x" : " "}] ${inline(title, 120)} (${department})${at ? standing(at) : ""}`;
  });
  return ["**The plan,** in the model's words:", quotation(plan.summary, 600), items.join("\n")];
}

/** Where an item stands; nothing of one that is done, which has its mark. */
function standing({ state, steps }: ItemProgress): string {
  switch (state) {
    case "waiting":
      return " – waiting";
    case "running":
      return steps === 0 ? " – **working**" : ` – **working,** step ${steps}`;
    case "failed":
      return " – failed";
    case "not-started":
      return " – not started";
    case "done":
      return "";
    default:
      return state satisfies never;
  }
}

function footer(task: Task): string {
  return `<sub>Task ${code(task.id, 100)}</sub>`;
}
