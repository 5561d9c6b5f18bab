import type { Outcome } from "../core/outcome.ts";
import { leftConflictsText } from "./conflict-text.ts";
import { code, inline } from "./escape.ts";
import { evidenceTable, short } from "./evidence-text.ts";
import { mergeReportText } from "./merge-report-text.ts";
import { link } from "./people.ts";

const WHAT_TO_DO =
  "Somebody who knows both sides can merge by hand. Or change one side so that these places go together, push it, and comment `/nexus resolve`: the rest is merged as the table says.";

interface MergeOutcomeText {
  readonly headline: string;
  readonly paragraphs: readonly string[];
}

type Resolved = Extract<Outcome, { kind: "resolved" }>;
type Unmerged = NonNullable<Extract<Outcome, { kind: "conflicted" }>["merge"]>;

/** A pull request that merges again: what was pushed, how it was merged, and the proof. */
export function resolvedText(outcome: Resolved): MergeOutcomeText {
  const { pullRequest, base, evidence, checkRunProblem } = outcome;
  const branch = code(pullRequest.branch);
  return {
    headline: `${link(pullRequest.number, pullRequest.url)} merges again`,
    paragraphs: [
      `${code(base.branch)} at ${short(base.commit)} was merged into ${branch}. Its head is ${short(pullRequest.head)}: the commit on which every check below was run.`,
      ...(checkRunProblem === undefined ? [] : [noCheckRun(checkRunProblem)]),
      ...mergeReportText(evidence.merge),
      evidenceTable(evidence),
    ],
  };
}

/** A pull request that still conflicts: what a person has to decide, with all that is known for it. */
export function unmergedText(merge: Unmerged, pushed: string): MergeOutcomeText {
  const { base, head, report, left } = merge;
  return {
    headline: "conflicts are left",
    paragraphs: [
      `${code(base.branch)} at ${short(base.commit)} and this pull request at ${short(head)} change the same places, and no rule proves how they go together. ${pushed}`,
      ...leftConflictsText(left),
      ...mergeReportText(report),
      WHAT_TO_DO,
    ],
  };
}

/** Said where the proof stands and the platform does not show it. */
export function noCheckRun(problem: string): string {
  return `The check run could not be written on its head: ${inline(problem, 500)}`;
}
