import type { Plan, WorkItem } from "../core/plan.ts";
import type { Answer, Question } from "../core/question.ts";
import { code, inline, quotation } from "./escape.ts";
import { short } from "./evidence-text.ts";
import { isLogin } from "./people.ts";

/** How much is told of a plan, in characters and in paths. */
interface Detail {
  readonly goal: number;
  readonly paths: number;
  readonly command: number;
  readonly title: number;
  /** Of the summary, each risk and each question. */
  readonly words: number;
}

const WHOLE: Detail = { goal: 4_000, paths: 50, command: 2_000, title: 120, words: 1_000 };
const DETAILS: readonly Detail[] = [
  WHOLE,
  { goal: 500, paths: 8, command: 200, title: 120, words: 600 },
  { goal: 120, paths: 3, command: 200, title: 120, words: 300 },
  { goal: 0, paths: 0, command: 60, title: 40, words: 200 },
];
/** A comment may be longer; what is around the plan needs room, too. */
const LONGEST = 35_000;

/** A plan that waits for a person: all that it would do, what it asks, and how to answer. */
export function questionText(question: Question): {
  readonly headline: string;
  readonly paragraphs: readonly string[];
} {
  const { plan, reason } = question;
  const { questions = [] } = plan;
  const headline = questions.length > 0 ? "questions before the work" : "the plan waits for a word";
  const told = DETAILS.map((detail) => planText(question, detail));
  const text = told.find((one) => one.join("\n\n").length <= LONGEST) ?? told.at(-1) ?? [];
  return {
    headline,
    paragraphs: [...(reason === undefined ? [] : [reason]), ...text, howToAnswer(plan)],
  };
}

const SHORTENED =
  "**This plan is too long to be shown whole:** parts of it are cut or left out above. A request for less makes a plan that can be read before it is approved.";

function planText({ plan, base }: Question, detail: Detail): readonly string[] {
  const { summary, items, checks, risks = [], questions = [] } = plan;
  const { command: most, words } = detail;
  const commands = checks.map(
    ({ name, command }) => `- ${code(name, 100)}: ${code(command, most)}`,
  );
  const made = `Made on ${code(base.branch)} at ${short(base.commit)}. Nobody works before it is approved.`;
  return [
    "**The plan,** in the model's words:",
    quotation(summary, words),
    items.map((item, at) => itemText(item, at + 1, detail)).join("\n"),
    ...listed("**Checks beside the repository's own:**", commands),
    ...listed(
      "**Risks,** in the model's words:",
      risks.map((risk) => `- ${inline(risk, words)}`),
    ),
    ...(detail === WHOLE ? [] : [SHORTENED]),
    made,
    ...listed(
      "**Questions,** in the model's words:",
      questions.map((question, at) => `${at + 1}. ${inline(question, words)}`),
    ),
  ];
}

function itemText(item: WorkItem, number: number, detail: Detail): string {
  const { id, title, department, estimate, dependsOn, acceptance } = item;
  const { goal, paths, command } = detail;
  const facts = [
    department,
    ...(estimate ? [estimate] : []),
    ...(goal > 0 ? after(dependsOn) : []),
  ];
  const lines = [`${number}. ${code(id)} ${inline(title, detail.title)} (${facts.join(", ")})`];
  if (goal > 0) lines.push(`   - Goal: ${inline(item.goal, goal)}`);
  if (paths > 0) lines.push(`   - May change: ${some(item.paths, paths)}`);
  if (acceptance && goal > 0) lines.push(`   - Proof: ${code(acceptance.command, command)}`);
  return lines.join("\n");
}

function after(ids: readonly string[]): readonly string[] {
  return ids.length === 0 ? [] : [`after ${ids.map((id) => code(id)).join(" and ")}`];
}

function some(paths: readonly string[], most: number): string {
  const left = paths.length - most;
  const shown = paths.slice(0, most).map((path) => code(path, 300));
  return `${shown.join(", ")}${left > 0 ? `, and ${left} more` : ""}`;
}

function listed(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [title, lines.join("\n")];
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
    ...(said === "" ? [] : [quotation(said, 300)]),
  ]);
}
