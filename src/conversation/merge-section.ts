import type { Evidence } from "../core/evidence.ts";
import { code } from "./escape.ts";
import { evidenceTable, reachText, short } from "./evidence-text.ts";
import { redBeforeText } from "./merge-outcome-text.ts";
import { mergeReportText } from "./merge-report-text.ts";

/** Hostile text cannot hold these: all of it that is in a body of ours was escaped. */
const START = "<!-- nexus:merge -->";
const END = "<!-- nexus:merged -->";
/** Characters: GitHub takes 65,536. */
const LONGEST = 64_000;

/** A verified merge of a pull request with its base. */
interface MergeView {
  readonly base: { readonly branch: string; readonly commit: string };
  readonly evidence: Evidence;
  /** Where checks are red: the same ones before. */
  readonly before?: Evidence | undefined;
}

/**
 * The body of a pull request with the newest merge told at its end, in the place of what was told of earlier ones;
 * what people wrote around it stays. Undefined where there is no room.
 */
export function withMergeSection(body: string, view: MergeView): string | undefined {
  const start = body.indexOf(START);
  const end = body.indexOf(END, start);
  const isThere = start >= 0 && end >= 0;
  const before = isThere ? body.slice(0, start) : `${body.trimEnd()}\n\n`;
  const after = isThere ? body.slice(end + END.length) : "\n";
  const whole = `${before}${START}\n\n${sectionOf(view)}\n\n${END}${after}`;
  return whole.length > LONGEST ? undefined : whole.trimStart();
}

function sectionOf({ base, evidence, before }: MergeView): string {
  const merged = `${code(base.branch)} at ${short(base.commit)} was merged into this branch since. Its head is ${code(evidence.commit)} now: Nexus ran these checks on it in a sandbox ${reachText(evidence)}.`;
  return [
    "### Merged with its base",
    merged,
    ...mergeReportText(evidence.merge),
    ...(before ? redBeforeText(evidence, before) : []),
    evidenceTable(evidence, before, "Before"),
  ].join("\n\n");
}
