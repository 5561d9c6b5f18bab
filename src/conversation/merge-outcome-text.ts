import type { Evidence } from "../core/evidence.ts";
import type { Outcome } from "../core/outcome.ts";
import { leftConflictsText } from "./conflict-text.ts";
import { code, inline } from "./escape.ts";
import { evidenceTable, short } from "./evidence-text.ts";
import { counted, mergeReportText } from "./merge-report-text.ts";
import { link } from "./people.ts";

const CHECKS = 20;
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
  const { pullRequest, base, evidence, before, checkRunProblem } = outcome;
  const branch = code(pullRequest.branch);
  return {
    headline: `${link(pullRequest.number, pullRequest.url)} merges again${before ? ", and fails as before" : ""}`,
    paragraphs: [
      `${code(base.branch)} at ${short(base.commit)} was merged into ${branch}. Its head is ${short(pullRequest.head)}: the commit on which every check below was run.`,
      ...(checkRunProblem === undefined ? [] : [noCheckRun(checkRunProblem)]),
      ...mergeReportText(evidence.merge),
      ...(before ? redBeforeText(evidence, before) : []),
      evidenceTable(evidence, before, "Before"),
    ],
  };
}

/** Which red checks of a merge were red on the pull request before it, and which were not: both were run. */
export function redBeforeText(evidence: Evidence, before: Evidence): readonly string[] {
  const passed = (name: string, command: string) =>
    before.checks.find((check) => check.name === name && check.command === command)?.passed;
  const red = evidence.checks.filter((check) => !check.passed);
  const broken = red.filter(({ name, command }) => passed(name, command));
  const old = red.filter(({ name, command }) => passed(name, command) === false);
  const at = short(before.commit);
  return [
    ...sentence("Red before the merge already, at", at, old),
    ...sentence("Green before the merge, at", at, broken),
  ];
}

function sentence(words: string, at: string, checks: Evidence["checks"]): readonly string[] {
  if (checks.length === 0) return [];
  const names = checks.slice(0, CHECKS).map(({ name }) => code(name, 100));
  const left = checks.length - names.length;
  return [`${words} ${at}: ${names.join(", ")}${left > 0 ? ` and ${left} more` : ""}.`];
}

/** A pull request that still conflicts: what a person has to decide, with all that is known for it. */
export function unmergedText(
  { base, head, report, left }: Unmerged,
  { files, pushed }: { readonly files: readonly string[]; readonly pushed: string },
): MergeOutcomeText {
  const more = files.length - left.length;
  return {
    headline: "conflicts are left",
    paragraphs: [
      `${code(base.branch)} at ${short(base.commit)} and this pull request at ${short(head)} change what no rule proves to go together. ${pushed}`,
      ...leftConflictsText(left),
      ...(more > 0 ? [`And ${counted(more, "file")} more in which something is left.`] : []),
      ...mergeReportText(report),
      WHAT_TO_DO,
    ],
  };
}

/** Said where the proof stands and the platform does not show it. */
export function noCheckRun(problem: string): string {
  return `The check run could not be written on its head: ${inline(problem, 500)}`;
}
