import type { KeptEvent } from "../../core/event.ts";
import { addUsage, NO_USAGE, type Usage } from "../../core/usage.ts";
import { isGiven } from "../../pipeline/trajectory.ts";
import { eventText } from "../follow/event-text.ts";
import type { AgentLine, EventLine, ShownLine } from "./shown-line.ts";
import { rowText } from "./step-text.ts";
import { costText, oneLine, type Paint, tokensText } from "./words.ts";

type TaskLine = Extract<ShownLine, { readonly kind: "task" }>;
type OutcomeLine = Extract<ShownLine, { readonly kind: "outcome" }>;

interface Told {
  readonly events: EventLine[];
  /** Each run of an agent, in the order in which they began. */
  readonly runs: { readonly agent: string; readonly lines: string[]; steps: number }[];
  usage: Usage;
  steps: number;
}

/** A task for people, out of its lines: long texts are shortened as they come, so that a long task is no burden. */
export async function taskText(lines: AsyncIterable<ShownLine>, paint: Paint): Promise<string> {
  const told: Told = { events: [], runs: [], usage: NO_USAGE, steps: 0 };
  const parts: string[] = [];
  for await (const line of lines) {
    if (line.kind === "task") parts.push(...headText(line, paint));
    else if (line.kind === "outcome") parts.push(...bodyText(told, paint), ...endText(line, told));
    else if (line.kind === "stage" || line.kind === "event") told.events.push(line);
    else take(line, told, paint);
  }
  return `${parts.join("\n")}\n`;
}

function take(line: AgentLine, told: Told, paint: Paint): void {
  const last = told.runs.findLast(({ agent }) => agent === line.agent);
  // An agent that is given nothing begins again with its first step.
  const isAgain = line.kind === "step" && line.number === 1 && (last?.steps ?? 0) > 0;
  const isNew = !last || isGiven(line) || isAgain;
  const run = isNew ? { agent: line.agent, lines: [], steps: 0 } : last;
  if (isNew) told.runs.push(run);
  run.lines.push(...rowText(line, paint));
  if (line.kind !== "step") return;
  run.steps += 1;
  told.usage = addUsage(told.usage, line.usage);
  told.steps += 1;
}

function headText({ task, state }: TaskLine, paint: Paint): readonly string[] {
  const { id, repo, issue, requestedBy, request } = task;
  const where = oneLine(`${repo.owner}/${repo.name}#${issue}`, 200);
  return [
    `${paint.strong(`task ${id}`)}  ${where}  ${state}`,
    `asked by ${oneLine(requestedBy, 100)}: ${oneLine(request, 1_000)}`,
    "",
  ];
}

function bodyText({ events, runs }: Told, paint: Paint): readonly string[] {
  if (events.length === 0 && runs.length === 0)
    return ["nothing that happened to it is recorded, or not any more", ""];
  const happened = events.flatMap((line, at) => {
    const day = line.at.slice(0, 10);
    const isNewDay = day !== events[at - 1]?.at.slice(0, 10);
    return [...(isNewDay ? [`  ${day}`] : []), `  ${eventText(keptOf(line)).trimEnd()}`];
  });
  return [
    ...(happened.length > 0 ? [paint.strong("what happened (UTC)"), ...happened, ""] : []),
    ...runs.flatMap(({ agent, lines }) => [paint.strong(oneLine(agent, 60)), ...lines, ""]),
  ];
}

function keptOf(line: EventLine): KeptEvent {
  const { at } = line;
  if (line.kind === "event") return { seq: 0, at, event: line.event };
  const { kind, stage, phase } = line;
  return { seq: 0, at, event: { kind, stage, phase } };
}

function endText({ outcome, cost }: OutcomeLine, { steps, usage }: Told): readonly string[] {
  const price = costText(cost);
  const spent = price === "" ? "" : `, ${price}`;
  const total = `total: ${steps} ${steps === 1 ? "step" : "steps"}, tokens ${tokensText(usage)}${spent}`;
  return [...(outcome ? outcomeText(outcome) : ["not ended yet"]), total];
}

function outcomeText(outcome: NonNullable<OutcomeLine["outcome"]>): readonly string[] {
  const words = [`outcome: ${outcome.kind}`];
  if ("code" in outcome) words.push(outcome.code);
  if ("reason" in outcome) words.push(oneLine(outcome.reason, 1_000));
  if ("pullRequest" in outcome) words.push(oneLine(outcome.pullRequest.url, 300));
  return [words.join("  ")];
}
