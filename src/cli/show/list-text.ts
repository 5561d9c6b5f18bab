import type { Cost } from "../../core/budget.ts";
import type { TaskRecord } from "../../core/record.ts";
import { costText, oneLine, type Paint } from "./words.ts";

/** A task in the list. */
export type Listed = TaskRecord & { readonly cost: Cost };

/** The newest tasks, one line each. */
export function listText(tasks: readonly Listed[], paint: Paint): string {
  if (tasks.length === 0) return "There are no tasks yet.\n";
  const rows = tasks.map(({ task, state, outcome, cost }) => [
    task.id,
    state,
    outcome?.kind ?? "",
    oneLine(`${task.repo.owner}/${task.repo.name}#${task.issue}`, 80),
    costText(cost),
  ]);
  const head = ["TASK", "STATE", "OUTCOME", "WHERE", "COST"];
  const widths = head.map((name, at) =>
    Math.max(name.length, ...rows.map((row) => row[at]?.length ?? 0)),
  );
  const line = (row: readonly string[]) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join("  ")
      .trimEnd();
  return `${[paint.strong(line(head)), ...rows.map(line)].join("\n")}\n`;
}
