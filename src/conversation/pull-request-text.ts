import type { Cost } from "../core/budget.ts";
import type { ChangeSet } from "../core/change-set.ts";
import type { Correction } from "../core/correction.ts";
import type { Evidence } from "../core/evidence.ts";
import type { Unfinished } from "../core/outcome.ts";
import type { Issue } from "../core/platform.ts";
import type { Task } from "../core/task.ts";
import type { Usage } from "../core/usage.ts";
import { code, inline, plain, quotation, shortened } from "./escape.ts";
import { evidenceTable, reachText, short } from "./evidence-text.ts";
import { intentOf } from "./intent.ts";
import { leftBehindText } from "./left-behind-text.ts";
import { mergeReportText } from "./merge-report-text.ts";
import { mention } from "./people.ts";
import { proofsText } from "./proofs-text.ts";
import { triedText } from "./tried-text.ts";
import { unfinishedText } from "./unfinished-text.ts";
import { usageText } from "./usage-text.ts";
import { expectationsText, isWeakened, weakenedText } from "./weakened-text.ts";

/** What a pull request is described from. */
export interface ProposalView {
  readonly task: Task;
  readonly issue: Pick<Issue, "title">;
  /** The shadow run of the head. */
  readonly evidence: Evidence;
  /** The same checks on the base, where they were run. */
  readonly baseline: Evidence | undefined;
  /** The branch's commits, oldest first. */
  readonly commits: readonly { readonly title: string; readonly changeSet: ChangeSet }[];
  readonly usage: Usage;
  /** As it stands in the ledger. */
  readonly cost?: Cost | undefined;
  /** Files whose changes were dropped since they lie outside the work items. */
  readonly leftBehind?: readonly string[] | undefined;
  /** Work items that are not in it. */
  readonly unfinished?: readonly Unfinished[] | undefined;
  /** What was tried before the checks passed, oldest first. */
  readonly tried?: readonly Correction[] | undefined;
  readonly branch: string;
  /** The branch it is to be merged into. */
  readonly base: string;
}

const COMMITS = 40;

/** Title and body of the pull request: what, why, the proof, and how to take it back. */
export function pullRequestText(view: ProposalView): { title: string; body: string } {
  const { task, evidence, baseline, usage } = view;
  const body = [
    what(view),
    ...weakenedText(evidence),
    ...expectationsText(evidence),
    ...unfinishedText(view.unfinished),
    `Requested by ${mention(task.requestedBy)} in #${task.issue}:`,
    quotation(task.request, 1_000),
    "### Proof",
    `Nexus ran these checks in a sandbox ${reachText(evidence)} on ${code(evidence.commit)}, the head it pushed:`,
    evidenceTable(evidence, baseline),
    ...proofsText(evidence.proofs),
    ...mergeText(evidence),
    ...(view.tried?.length ? ["### What was tried", ...triedText(view.tried)] : []),
    "### Commits",
    commitList(view.commits),
    ...leftBehindText(view.leftBehind),
    "### Taking it back",
    `Before the merge: close this pull request and delete ${code(view.branch)}. Afterwards: the Revert button below, or ${code("git revert")} of the commits above.`,
    `${usageText(usage, view.cost)} For #${task.issue}.`,
  ];
  return { title: titleOf(view), body: `${body.join("\n\n")}\n` };
}

function mergeText({ merge = [] }: Evidence): readonly string[] {
  return merge.length > 0 ? ["### Merge", ...mergeReportText(merge)] : [];
}

function what({ task, commits, base, evidence, unfinished = [] }: ProposalView): string {
  const files = new Set(
    commits.flatMap(({ changeSet }) => changeSet.files.map(({ path }) => path)),
  );
  const extent = `${counted(commits.length, "commit")}, ${counted(files.size, "file")} against ${code(base)} at ${short(evidence.base)}.`;
  const aim =
    intentOf(task.request).kind === "repair"
      ? "Makes the failing checks pass."
      : "Carries out the request below.";
  const part = "A part of the request below. The rest is not done, so this is a draft.";
  const draft = isWeakened(evidence) ? " Tests prove less than before, so this is a draft." : "";
  return `${unfinished.length > 0 ? part : aim}${draft} ${extent}`;
}

/** The request says it best; one that only points at the issue leaves it to the issue. */
function titleOf({ task, issue, baseline }: ProposalView): string {
  if (intentOf(task.request).kind === "repair") {
    const red = baseline?.checks.filter(({ passed }) => !passed).map(({ name }) => name) ?? [];
    return plain(red.length > 0 ? `Fix failing checks: ${red.join(", ")}` : "Fix failing checks");
  }
  const [firstLine = ""] = task.request.trim().split("\n");
  const words = plain(firstLine);
  const pointsAtIssue = words.split(" ").length <= 3;
  const title = (pointsAtIssue && plain(issue.title)) || words || `Work on #${task.issue}`;
  return shortened(title.charAt(0).toUpperCase() + title.slice(1), 72);
}

function commitList(commits: ProposalView["commits"]): string {
  const lines = commits
    .slice(0, COMMITS)
    .map(
      ({ title, changeSet }) =>
        `- ${short(changeSet.commit)} ${inline(title, 120)} (${counted(changeSet.files.length, "file")})`,
    );
  if (commits.length > COMMITS) lines.push(`- and ${commits.length - COMMITS} more`);
  return lines.join("\n");
}

function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? "" : "s"}`;
}
