import { CAP_NAMES } from "../core/budget.ts";
import { dollars, spentDollars } from "../core/dollars.ts";
import type { Outcome } from "../core/outcome.ts";
import { code, inline } from "./escape.ts";
import { checkText, evidenceTable, firstFailing } from "./evidence-text.ts";
import { triedSection } from "./tried-text.ts";

type Exhausted = Extract<Outcome, { kind: "budget-exhausted" }>;

interface ExhaustedText {
  readonly headline: string;
  readonly paragraphs: readonly string[];
}

const FILES = 20;

/** A task that ran out of money: which cap, what is spent of it, and what there is of the work. */
export function exhaustedText(outcome: Exhausted, pushed: string): ExhaustedText {
  const { cap, limit, settled, reserved, hint, evidence } = outcome;
  const held = reserved > 0 ? `, ${spentDollars(reserved)} is held for calls that go on` : "";
  const claim = `${CAP_NAMES[cap]}, ${dollars(limit)}, has no room for another call of a model: ${spentDollars(settled)} is spent of it${held}.`;
  const failing = evidence && firstFailing(evidence);
  return {
    headline: "the budget is used up",
    paragraphs: [
      `${claim} ${pushed}`,
      ...(hint === undefined ? [] : [inline(hint, 500)]),
      ...patchText(outcome),
      ...triedSection(outcome.tried),
      ...(evidence && evidence.checks.length > 0 ? [evidenceTable(evidence)] : []),
      ...(failing ? [`First failing: ${checkText(failing)}`] : []),
    ],
  };
}

function patchText({ patch }: Exhausted): readonly string[] {
  if (!patch) return [];
  const names = patch.files.slice(0, FILES).map(({ path, status }) => `${code(path)} (${status})`);
  const left = patch.files.length - names.length;
  const rest = left > 0 ? `, and ${left} more` : "";
  return [`What was done until then is kept, and not proposed: ${names.join(", ")}${rest}.`];
}
