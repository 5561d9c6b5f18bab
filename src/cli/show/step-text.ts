import type { AgentLine } from "./shown-line.ts";
import { costText, indented, oneLine, type Paint, tokensText } from "./words.ts";

type StepLine = Extract<AgentLine, { readonly kind: "step" }>;

const TEXT = { lines: 12, width: 400 };
const RESULT = { lines: 8, width: 200 };
const INPUT = 300;

/** One row of a trajectory as lines for people. */
export function rowText(line: AgentLine, paint: Paint): readonly string[] {
  switch (line.kind) {
    case "assigned": {
      const { item } = line.assignment;
      const goal = oneLine(item.goal, TEXT.width);
      return [`    ${oneLine(item.title, 200)} (${item.department})`, paint.faint(`      ${goal}`)];
    }
    case "briefed":
      return [`    is told of the task, over the commit ${oneLine(line.commit.slice(0, 12), 20)}`];
    case "step":
      return stepText(line, paint);
    case "left-behind":
      return [`    left behind: ${oneLine(line.paths.join(", "), TEXT.width)}`];
    case "ended":
      return [`    ${endText(line)}`];
    case "other":
      return [paint.faint(`    ${oneLine(line.name, 100)}`)];
    default:
      return line satisfies never;
  }
}

function stepText(step: StepLine, paint: Paint): readonly string[] {
  const { number, served, usage, cost, text, stop, calls, heard = [] } = step;
  const model = served && oneLine(`${served.provider}:${served.model}`, 100);
  const price = cost && costText({ spent: cost.amount, isAtMost: cost.isAtMost });
  const cut = stop === "length" ? "cut off" : undefined;
  const facts = [timeOf(step.at), model, tokensText(usage), price, cut].filter(Boolean);
  return [
    `    ${paint.strong(`step ${number}`)}  ${facts.join("  ")}`,
    ...(text.trim() === "" ? [] : indented(text, TEXT)),
    ...calls.flatMap((call) => [
      `    → ${oneLine(call.name, 100)} ${oneLine(call.input, INPUT)}  [${call.kind}]`,
      ...indented(call.result, RESULT).map(paint.faint),
    ]),
    ...heard.map(({ from, text: said }) => `    ← ${oneLine(from, 60)}: ${oneLine(said, INPUT)}`),
  ];
}

function endText({ ending }: Extract<AgentLine, { readonly kind: "ended" }>): string {
  if (ending.kind === "gave-up")
    return `ended: ${oneLine(ending.code, 60)}: ${oneLine(ending.reason, TEXT.width)}`;
  if (ending.kind === "planned")
    return `planned: ${oneLine(ending.plan.items.map(({ id }) => id).join(", "), TEXT.width)}`;
  const { files, tree } = ending.changeSet;
  const changed = files.map(({ path, status }) => `${status} ${path}`).join(", ");
  return `finished: ${oneLine(changed, TEXT.width) || "no file changed"} (tree ${tree.slice(0, 12)})`;
}

/** The time of day, in UTC as everywhere. */
function timeOf(at: string): string {
  return at.slice(11, 19);
}
