import type { Plan, WorkItem } from "../core/plan.ts";
import type { Answer, Question } from "../core/question.ts";
import { code, inline, quotation } from "./escape.ts";
import { short } from "./evidence-text.ts";
import { isLogin } from "./people.ts";

/** How much is told of each work item. */
interface Detail {
  readonly goal: number;
  readonly paths: number;
}

const DETAILS: readonly Detail[] = [
  { goal: 500, paths: 8 },
  { goal: 120, paths: 3 },
  { goal: 0, paths: 0 },
];
/** A comment may be longer; what is around the plan needs room, too. */
const LONGEST = 45_000;

/** A plan that waits for a person: all that it would do, what it asks, and how to answer. */
export function questionText(question: Question): {
  readonly headline: string;
  readonly paragraphs: readonly string[];
} {
  const { plan, base, reason } = question;
  const { questions = [] } = plan;
  const headline = questions.length > 0 ? "questions before the work" : "the plan waits for a word";
  const made = `Made on ${code(base.branch)} at ${short(base.commit)}. Nobody works before it is approved.`;
  return {
    headline,
    paragraphs: [
      ...(reason === undefined ? [] : [reason]),
      ...planText(plan),
      made,
      ...questionsOf(questions),
      howToAnswer(plan),
    ],
  };
}

function planText(plan: Plan): readonly string[] {
  const told = DETAILS.map((detail) => paragraphsOf(plan, detail));
  return told.find((one) => one.join("\n\n").length <= LONGEST) ?? told.at(-1) ?? [];
}

function paragraphsOf(plan: Plan, detail: Detail): readonly string[] {
  const { summary, items, checks, risks = [] } = plan;
  const commands = checks.map(({ name, command }) => `- ${code(name, 100)}: ${code(command, 200)}`);
  return [
    "**The plan,** in the model's words:",
    quotation(summary, 600),
    items.map((item, at) => itemText(item, at + 1, detail)).join("\n"),
    ...listed("**Checks beside the repository's own:**", commands),
    ...listed(
      "**Risks,** in the model's words:",
      risks.map((risk) => `- ${inline(risk, 300)}`),
    ),
  ];
}

function itemText(item: WorkItem, number: number, { goal, paths }: Detail): string {
  const { id, title, department, estimate, dependsOn, acceptance } = item;
  const facts = [department, ...(estimate ? [estimate] : []), ...after(dependsOn)].join(", ");
  const lines = [`${number}. ${code(id)} ${inline(title, 120)} (${facts})`];
  if (goal > 0) lines.push(`   - Goal: ${inline(item.goal, goal)}`);
  if (paths > 0) lines.push(`   - May change: ${some(item.paths, paths)}`);
  if (acceptance && goal > 0) lines.push(`   - Proof: ${code(acceptance.command, 200)}`);
  return lines.join("\n");
}

function after(ids: readonly string[]): readonly string[] {
  return ids.length === 0 ? [] : [`after ${ids.map((id) => code(id)).join(" and ")}`];
}

function some(paths: readonly string[], most: number): string {
  const left = paths.length - most;
  const shown = paths.slice(0, most).map((path) => code(path, 120));
  return `${shown.join(", ")}${left > 0 ? `, and ${left} more` : ""}`;
}

function listed(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [title, lines.join("\n")];
}

function questionsOf(questions: readonly string[]): readonly string[] {
  return listed(
    "**Questions,** in the model's words:",
    questions.map((question, at) => `${at + 1}. ${inline(question, 500)}`),
  );
}

function howToAnswer({ items, questions = [] }: Plan): string {
  const some = code(`/nexus approve without ${items.at(-1)?.id}`);
  const only = code(`/nexus approve only ${items[0]?.id}`);
  const edits = items.length > 1 ? ` ${some} and ${only} leave work items out.` : "";
  if (questions.length > 0) {
    return `**To answer:** ${code("/nexus approve")} and your answers in a new comment; the plan is revised by them, and then carried out.${edits}`;
  }
  return `**To go on:** ${code("/nexus approve")} in a new comment carries out exactly this.${edits} Any other words behind it are a wish: the plan is revised by them, and then carried out. ${code("/nexus plan")} with other words makes a new plan.`;
}

/** Who said what to the plan, for a task that goes on. */
export function answersText(answers: readonly Answer[]): readonly string[] {
  return answers.flatMap(({ by, said }) => [
    // Whoever approved was told by their own comment.
    `**Approved by** ${isLogin(by) ? by : code(by, 60)}${said === "" ? "." : ", with these words:"}`,
    ...(said === "" ? [] : [quotation(said, 600)]),
  ]);
}
