import { dollars, spentDollars } from "../../core/dollars.ts";
import type { KeptEvent, TaskEvent } from "../../core/event.ts";

type Of<Kind extends KeptEvent["event"]["kind"]> = Extract<KeptEvent["event"], { kind: Kind }>;

/** One event as one line for a person at a terminal, with its time of day in UTC. Nothing in it acts. */
export function eventText({ at, event }: KeptEvent): string {
  return `${at.slice(11, 19)}  ${textOf(event).replace(/\p{Cc}|\p{Cf}/gu, "?")}\n`;
}

function textOf(event: KeptEvent["event"]): string {
  switch (event.kind) {
    case "claimed":
      return event.crashes === 0
        ? "a worker takes it"
        : `a worker takes it, after ${counted(event.crashes, "crash", "crashes")}`;
    case "interrupted":
      return `interrupted: ${event.reason}`;
    case "ended":
      return `ended: ${event.outcome}`;
    case "stage":
      return `${event.stage} ${event.phase === "start" ? "begins" : "is done"}`;
    case "planned":
      return `plan: ${event.items.map(itemText).join("; ")}`;
    case "answered":
      return `${event.by} answered the plan`;
    case "spent":
      return spentText(event);
    case "check":
      return `check ${event.name} on the ${event.on}: ${event.passed ? "passed" : "failed"}, ${endingText(event)}`;
    case "posted":
      return `${event.from}: tells ${event.to} something`;
    case "asked":
      return event.questions === 0
        ? "waits for a person to approve the plan"
        : `waits for a person to answer ${counted(event.questions, "question")}`;
    case "correction":
      return `correction ${event.attempt}: ${event.item}`;
    case "pull-request":
      return `pull request #${event.number}: ${event.url}`;
    case "unreadable":
      return `something that this version cannot read: ${event.name}`;
    default:
      return agentText(event);
  }
}

/** What one agent does, its name in front. */
function agentText(
  event: Of<
    "item-started" | "item-finished" | "item-failed" | "item-not-started" | "step" | "command"
  >,
): string {
  switch (event.kind) {
    case "item-started":
      return `${event.item}: begins`;
    case "item-finished":
      return `${event.item}: finished, ${counted(event.files, "file")}`;
    case "item-failed":
      return `${event.item}: failed (${event.code}): ${event.reason}`;
    case "item-not-started":
      return event.because === undefined
        ? `${event.item}: not started`
        : `${event.item}: not started, ${event.because} failed`;
    case "step":
      return stepText(event);
    case "command":
      return `${event.agent}: $ ${event.command}: ${endingText(event)}`;
    default:
      return event satisfies never;
  }
}

function itemText({ id, dependsOn }: Of<"planned">["items"][number]): string {
  return dependsOn.length === 0 ? id : `${id} after ${dependsOn.join(", ")}`;
}

function stepText({ agent, number, model, usage, calls, text }: Of<"step">): string {
  const input = usage.input + usage.cachedInput + (usage.cacheWrite ?? 0);
  const done = calls.map(({ name, ended }) => (ended === "done" ? name : `${name} ${ended}`));
  const parts = [
    `${agent}: step ${number}`,
    ...done,
    `${input} tokens in, ${usage.output} out`,
    ...(model === undefined ? [] : [model]),
    ...(text === undefined ? [] : [JSON.stringify(text)]),
  ];
  return parts.join("  ");
}

function spentText({ spent, isAtMost, cap }: Of<"spent">): string {
  const most = cap === undefined ? "" : ` of ${dollars(cap)}`;
  return `models have cost ${isAtMost ? "at most " : ""}${spentDollars(spent)}${most}`;
}

function endingText(
  event: Pick<Extract<TaskEvent, { kind: "command" }>, "exitCode" | "ending" | "durationMs">,
): string {
  const { exitCode, ending, durationMs } = event;
  const how = ending === "exited" ? `exit code ${exitCode}` : ending;
  return `${how} after ${(durationMs / 1000).toFixed(1)} s`;
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
