import type { Evidence } from "../core/evidence.ts";
import type { Unfinished } from "../core/outcome.ts";
import { costText } from "./cost-text.ts";
import { code } from "./escape.ts";
import { checkText, evidenceTable, reachText, short } from "./evidence-text.ts";
import { mergeReportText } from "./merge-report-text.ts";
import { proofsText } from "./proofs-text.ts";
import { unfinishedText } from "./unfinished-text.ts";
import { expectationsText, isWeakened, weakenedText } from "./weakened-text.ts";

/** GitHub's bound for a summary. Counted in bytes, which are never fewer than characters. */
const LONGEST = 65_535;

/** Title and summary of the check run: the verdict counted, the table, and of every check the end of its log and its cost, failing ones first. */
export function checkRunText(
  evidence: Evidence,
  unfinished?: readonly Unfinished[],
): { title: string; summary: string } {
  const { checks } = evidence;
  const passed = checks.filter((check) => check.passed).length;
  const where = [
    `Ran on commit ${code(evidence.commit)} (tree ${short(evidence.tree)}), built on ${short(evidence.base)},`,
    `in the image ${code(evidence.image, 120)} ${reachText(evidence)}.`,
  ];
  const parts = [
    where.join(" "),
    ...weakenedText(evidence),
    ...expectationsText(evidence),
    ...unfinishedText(unfinished),
    ...proofsText(evidence.proofs),
    ...mergeReportText(evidence.merge),
    evidenceTable(evidence),
  ];
  const left = "The logs of further checks are left out here.";
  let room = LONGEST - bytes([...parts, left].join("\n\n"));
  for (const check of checks.toSorted((a, b) => Number(a.passed) - Number(b.passed))) {
    const cost = costText(check);
    const text = `${checkText(check, check.passed ? 1_000 : 6_000)}${cost ? `\n\n${cost}` : ""}`;
    room -= bytes(text) + 2;
    if (room < 0) {
      parts.push(left);
      break;
    }
    parts.push(text);
  }
  return {
    title: `${passed} of ${checks.length} ${checks.length === 1 ? "check" : "checks"} passed${
      isWeakened(evidence) ? ", with weaker tests" : ""
    }`,
    summary: parts.join("\n\n"),
  };
}

function bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}
