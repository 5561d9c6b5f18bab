import type { Outcome, Unfinished } from "../core/outcome.ts";
import { code, inline } from "./escape.ts";

const SHOWN = 20;

/** The work items that an ending says were not done. */
export function unfinishedIn(outcome: Outcome | undefined): readonly Unfinished[] {
  return outcome && "unfinished" in outcome ? (outcome.unfinished ?? []) : [];
}

/** Names the work items that were not done, each with the reason; nothing where there are none. */
export function unfinishedText(unfinished: readonly Unfinished[] = []): readonly string[] {
  if (unfinished.length === 0) return [];
  const lines = unfinished
    .slice(0, SHOWN)
    .map(
      ({ title, reason, code: why }) =>
        `- ${inline(title, 120)}: ${inline(reason, 500)} (${code(why, 60)})`,
    );
  const left = unfinished.length - lines.length;
  if (left > 0) lines.push(`- and ${left} more`);
  return ["**Not done:**", lines.join("\n")];
}

/** Where to find what the others came to, where it is in no pull request. */
export function keptText(outcome: Outcome, taskId: string): readonly string[] {
  if (outcome.kind === "proposed" || unfinishedIn(outcome).length === 0) return [];
  return [
    `What the other work items came to is kept in the operator's record of task ${code(taskId)}.`,
  ];
}
