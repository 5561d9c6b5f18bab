import type { Usage } from "../core/usage.ts";

/** What the task cost, as counted by the providers. */
export function usageText(usage: Usage): string {
  if (usage.calls === 0) return "No model was called, no token spent.";
  const calls = `${count(usage.calls)} model ${usage.calls === 1 ? "call" : "calls"}`;
  const cached = usage.cachedInput > 0 ? ` (and ${count(usage.cachedInput)} from the cache)` : "";
  return `${calls}: ${count(usage.input)} tokens read${cached}, ${count(usage.output)} written.`;
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}
