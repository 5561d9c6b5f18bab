import { parseDollars } from "../core/dollars.ts";
import type { Plan, WorkItem } from "../core/plan.ts";
import { code } from "./escape.ts";

/** What was said to a plan: what code can do of it, and the words that only a reader can understand. */
export interface Reply {
  /** Ids of the work items that are left out. */
  readonly without: readonly string[];
  /** Ids of the work items that were named to stay. */
  readonly kept?: readonly string[];
  readonly words: string;
  readonly budget?: number;
}

/** A problem is Markdown for the one who wrote it. */
type ReadReply = { readonly reply: Reply } | { readonly problem: string };

/** Reads `without a, b`, `only a, b` and `budget 2.50`, each on a line of its own or parted by `;`. All else is words. */
export function readReply(said: string, plan: Plan): ReadReply {
  const clauses = said.split(/[\n;]/).map((clause) => clause.trim());
  const found = clauses
    .filter((clause) => clause !== "")
    .map((clause) => readClause(clause, plan.items));
  const problem = found.find((one) => "problem" in one);
  if (problem) return problem;
  const reply = found.reduce<Reply>((all, one) => ("problem" in one ? all : merged(all, one)), {
    without: [],
    words: "",
  });
  const edited = planWithout(plan, reply.without);
  return "problem" in edited ? edited : { reply };
}

/**
 * The plan without these items; the same one where it has none of them. What stays and builds on what goes is a
 * problem: only the one who said it knows which of the two was meant.
 */
export function planWithout(
  plan: Plan,
  without: readonly string[],
): { readonly plan: Plan } | { readonly problem: string } {
  const items = plan.items.filter(({ id }) => !without.includes(id));
  if (items.length === plan.items.length) return { plan };
  if (items.length === 0) {
    return { problem: `That leaves no work item. The plan has ${named(plan.items)}.` };
  }
  const left = new Set(items.map(({ id }) => id));
  const lines = items.flatMap(({ id, dependsOn }) => {
    const missing = dependsOn.filter((other) => !left.has(other)).map((other) => code(other));
    return missing.length === 0 ? [] : [`${code(id)} builds on ${missing.join(", ")}`];
  });
  if (lines.length === 0) return { plan: { ...plan, items } };
  return {
    problem: `It leaves out what other items need: ${lines.join("; ")}. Leave out both, or keep both.`,
  };
}

type Clause = Reply | { readonly problem: string };

const EDIT = /^(?:but |please )?(?<verb>without|only):?\s+(?<list>\S.*?)[.!]?$/i;
const BUDGET = /^(?:with )?(?:a |the )?budget(?: of)?\s*[:=]?\s*(?<amount>\$?\d\S*?)[.!]?$/i;
/** As ids are written; anything longer is a sentence. */
const NAME = /^[`'"]?(?<name>[\w-]{1,60})[`'"]?$/;

function readClause(clause: string, items: readonly WorkItem[]): Clause {
  const budget = budgetIn(clause);
  if (budget) return budget;
  const { verb = "", list } = EDIT.exec(clause)?.groups ?? {};
  if (list === undefined) return { without: [], words: clause };
  const parts = list.split(/\s*,\s*(?:and\s+)?|\s+and\s+|\s*&\s*/).filter((part) => part !== "");
  const amount = parts.length > 1 ? budgetIn(parts.at(-1) ?? "") : undefined;
  const names = (amount ? parts.slice(0, -1) : parts).map((part) => NAME.exec(part)?.groups?.name);
  // A sentence that begins like this is for a reader.
  if (names.some((name) => name === undefined)) return { without: [], words: clause };
  if (amount && "problem" in amount) return amount;
  const ids = names.map((name = "") => name.toLowerCase());
  const strange = ids.find((name) => !items.some(({ id }) => id === name));
  if (strange !== undefined) return { problem: strangeItem(strange, items) };
  // What a revision adds was not there to be named.
  const others = items.map(({ id }) => id).filter((id) => !ids.includes(id));
  if (verb.toLowerCase() !== "only") return { ...amount, without: ids, words: "" };
  return { ...amount, without: others, kept: ids, words: "" };
}

function budgetIn(clause: string): Clause | undefined {
  const written = BUDGET.exec(clause)?.groups?.amount;
  if (written === undefined) return undefined;
  const budget = parseDollars(written);
  if (budget !== undefined) return { without: [], words: "", budget };
  const example = code("budget 2.50");
  return {
    problem: `${code(written, 40)} is no amount: a budget takes dollars above 0, such as ${example}.`,
  };
}

function merged(a: Reply, b: Reply): Reply {
  const budgets = [a.budget, b.budget].filter((budget) => budget !== undefined);
  const without = [...new Set([...a.without, ...b.without])];
  const named = [...(a.kept ?? []), ...(b.kept ?? [])];
  const kept = [...new Set(named)].filter((id) => !without.includes(id));
  return {
    without,
    ...(kept.length > 0 && { kept }),
    words: [a.words, b.words].filter((words) => words !== "").join("\n"),
    ...(budgets.length > 0 && { budget: Math.min(...budgets) }),
  };
}

function strangeItem(name: string, items: readonly WorkItem[]): string {
  return `There is no work item ${code(name, 60)}: they are ${named(items)}. A wish in other words is a sentence, such as "leave the documentation as it is".`;
}

function named(items: readonly WorkItem[]): string {
  return items.map(({ id }) => code(id)).join(", ");
}
