import type { Evidence } from "../core/evidence.ts";
import type { Weakening } from "../core/weakening.ts";
import { code } from "./escape.ts";

const SHOWN = 30;

/** Whether people are to be warned before anything else: tests prove less, and nobody who may ask for it has asked. */
export function isWeakened({ weakened, weakenedAskedBy }: Evidence): boolean {
  return weakened !== undefined && weakenedAskedBy !== "request";
}

const KINDS: Readonly<Record<Weakening["kind"], string>> = {
  "deleted-test-file": "test file deleted",
  "deleted-test": "test deleted",
  skipped: "test skipped",
  "weakened-assertion": "assertion weakened",
  emptied: "test emptied",
  "narrowed-run": "less is run",
  "switched-off-rule": "rule switched off",
  "changed-expectation": "expects something else",
};

/** Each place where tests prove less than before, with its file and line; nothing where there is none. */
export function weakenedText(evidence: Evidence): readonly string[] {
  const { weakened = [] } = evidence;
  if (weakened.length === 0) return [];
  return ["### Tests that were weakened", introOf(evidence), listed(weakened)];
}

/** Each place where a test of the base demands something else; nothing where there is none. */
export function expectationsText({ expectations = [] }: Evidence): readonly string[] {
  if (expectations.length === 0) return [];
  const intro =
    "These tests demand something else than on the base. That is right only where the request wants it:";
  return ["### Expectations that were changed", intro, listed(expectations)];
}

function listed(places: readonly Weakening[]): string {
  const lines = places.slice(0, SHOWN).map(lineOf);
  const left = places.length - lines.length;
  return [...lines, ...(left > 0 ? [`- and ${left} more`] : [])].join("\n");
}

function introOf({ weakenedAskedBy }: Evidence): string {
  switch (weakenedAskedBy) {
    case "request":
      return "As the request asks for. The checks below are green with these changes:";
    case "plan":
      return "**The plan of a model asks for this, the request does not.** The checks below are green with these changes, so green says less than it did:";
    default:
      return "**Nobody asked for this.** The checks below are green with these changes, so green says less than it did:";
  }
}

function lineOf({ path, line, side, kind, text }: Weakening): string {
  const where = `${code(`${path}:${line}`, 250)}${side === "base" ? " (before)" : ""}`;
  return `- ${where}: ${KINDS[kind]}: ${code(text, 300)}`;
}
