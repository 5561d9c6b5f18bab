import type { Cost } from "../../src/core/budget.ts";
import { spentDollars } from "../../src/core/dollars.ts";
import { rounded, table } from "../bench/report.ts";
import type { Evaluated } from "./evaluate.ts";

/** The table of all tasks and what they came to together, for people to read. */
export function evalText(all: readonly Evaluated[], cost: Cost | undefined): string {
  const rows = all.map(({ task, solved, why, steps, tokensIn, tokensOut, seconds }) => ({
    task,
    solved: solved ? "yes" : "no",
    steps,
    "tokens in": tokensIn,
    "tokens out": tokensOut,
    s: rounded(seconds),
    why,
  }));
  const { solved, steps, tokensIn, tokensOut } = evalTotals(all);
  const total = `${solved} of ${all.length} solved, ${steps} steps, ${tokensIn} tokens in, ${tokensOut} out, ${costText(cost)}`;
  return `${table(rows)}\n\n${total}\n`;
}

/** The sums over all tasks. */
export function evalTotals(all: readonly Evaluated[]) {
  const sum = (of: (one: Evaluated) => number) => all.reduce((total, one) => total + of(one), 0);
  return {
    tasks: all.length,
    solved: all.filter(({ solved }) => solved).length,
    steps: sum(({ steps }) => steps),
    tokensIn: sum(({ tokensIn }) => tokensIn),
    tokensOut: sum(({ tokensOut }) => tokensOut),
  };
}

function costText(cost: Cost | undefined): string {
  if (!cost) return "price unknown (MODEL_PRICES)";
  return `${cost.isAtMost ? "at most " : ""}${spentDollars(cost.spent)}`;
}
