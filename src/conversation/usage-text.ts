import type { Cost } from "../core/budget.ts";
import { spentDollars } from "../core/dollars.ts";
import type { Usage } from "../core/usage.ts";

/** What the task cost: tokens as counted by the providers, dollars as they stand in the ledger. */
export function usageText(usage: Usage, cost?: Cost): string {
  const price = costOfModels(cost);
  if (usage.calls === 0) {
    if (price === undefined) return "No model was called, no token spent.";
    return `No model call was finished. Cost: ${price}.`;
  }
  const calls = `${count(usage.calls)} model ${usage.calls === 1 ? "call" : "calls"}`;
  const cached = usage.cachedInput > 0 ? ` (and ${count(usage.cachedInput)} from the cache)` : "";
  const tokens = `${count(usage.input)} tokens read${cached}, ${count(usage.output)} written`;
  return `${calls}: ${tokens}.${price === undefined ? "" : ` Cost: ${price}.`}`;
}

/** What models have cost so far; undefined where nothing was spent. `at most` where some price is not known. */
export function costOfModels(cost: Cost | undefined): string | undefined {
  if (!cost || cost.spent === 0) return undefined;
  return `${cost.isAtMost ? "at most " : ""}${spentDollars(cost.spent)}`;
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}
