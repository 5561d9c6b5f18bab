import type { Evidence } from "../core/evidence.ts";
import type { Outcome } from "../core/outcome.ts";
import type { Task } from "../core/task.ts";
import { code, fenced, inline } from "./escape.ts";
import { checkText, evidenceTable, firstFailing, short } from "./evidence-text.ts";
import { exhaustedText } from "./exhausted-text.ts";
import { logTail } from "./log-tail.ts";
import { noCheckRun, redBeforeText, resolvedText, unmergedText } from "./merge-outcome-text.ts";
import { mergeReportText } from "./merge-report-text.ts";
import { link } from "./people.ts";
import { proofsText } from "./proofs-text.ts";
import { type Pushed, pushedText } from "./pushed-text.ts";
import { triedSection } from "./tried-text.ts";
import { isWeakened, weakenedText } from "./weakened-text.ts";

const FILES = 30;

/** How a task ended, for people: a headline and what they need to go on. */
export interface OutcomeText {
  readonly headline: string;
  readonly paragraphs: readonly string[];
}

/** What is known beside the outcome. */
interface Known {
  readonly task?: Pick<Task, "id"> | undefined;
  /** The checks on the base. */
  readonly baseline?: Evidence | undefined;
  readonly pushed?: Pushed | undefined;
}

/** Says how a task ended, from its facts alone. */
export function outcomeText(outcome: Outcome, known: Known = {}): OutcomeText {
  const pushed = pushedText(known.pushed);
  switch (outcome.kind) {
    case "proposed":
      return proposed(outcome, known.baseline);
    case "checks-failed":
      return checksFailed(outcome, known);
    case "resolved":
      return resolvedText(outcome);
    case "conflicted":
      return conflicted(outcome, pushed);
    case "nothing-to-do":
      return {
        headline: "nothing to do",
        paragraphs: [
          `${inline(outcome.reason, 500)}${onlyIfPushed(known)}`,
          ...tableOf(outcome.evidence),
        ],
      };
    case "model-required":
      return {
        headline: "a model is required",
        paragraphs: [
          `${inline(outcome.reason, 500)} ${pushed}`,
          ...tableOf(outcome.evidence),
          ...firstFailureOf(outcome.evidence),
        ],
      };
    case "setup-failed":
      return {
        headline: "the environment could not be set up",
        paragraphs: [`${inline(outcome.reason, 500)} ${pushed}`, fenced(logTail(outcome.output))],
      };
    case "model-failed":
      return trouble("the model did not finish", outcome, ` ${pushed}`);
    case "budget-exhausted":
      return exhaustedText(outcome, pushed);
    case "failed":
      return trouble("Nexus could not finish", outcome, onlyIfPushed(known));
    case "not-approved":
      return withReason(NOT_APPROVED[outcome.because], outcome.reason, pushed);
    case "refused":
      return withReason("not started", outcome.reason, pushed);
    case "paths-refused":
      return pathsRefused(outcome.paths, pushed);
    case "dry-run":
      return dryRun(outcome);
    case "held":
      return held(outcome, known);
    case "no-checks":
      return noChecks(outcome.reason, pushed);
    default:
      return outcome satisfies never;
  }
}

const NOT_APPROVED = {
  expired: "given up: nobody answered",
  replaced: "replaced by something newer",
  unsettled: "the plan leaves too much open",
} as const;

function withReason(headline: string, reason: string, pushed: string): OutcomeText {
  return { headline, paragraphs: [`${inline(reason, 500)} ${pushed}`] };
}

const LISTED = 20;

function pathsRefused(
  paths: readonly { path: string; why: string }[],
  pushed: string,
): OutcomeText {
  const lines = paths
    .slice(0, LISTED)
    .map(({ path, why }) => `- ${code(path, 200)}: ${inline(why, 200)}`);
  const left = paths.length - lines.length;
  return {
    headline: "the change was refused",
    paragraphs: [
      `The work wrote paths that Nexus does not carry into a commit. ${pushed}`,
      [...lines, ...(left > 0 ? [`- and ${left} more`] : [])].join("\n"),
    ],
  };
}

function held(outcome: Outcome & { kind: "held" }, { baseline, task }: Known): OutcomeText {
  const claim = `As asked, nothing was pushed. ${inspectText(outcome.until, task)}`;
  return {
    headline: "verified and held",
    paragraphs: [
      claim,
      ...weakenedText(outcome.evidence),
      evidenceTable(outcome.evidence, baseline),
      ...proofsText(outcome.evidence.proofs),
      ...triedSection(outcome.tried),
    ],
  };
}

/** The command that somebody with access to the machine can type. */
function inspectText(until: string, task: Known["task"]): string {
  const command = ["nexus inspect", ...(task ? [task.id] : [])].join(" ");
  return `Until ${code(until)} the operator can look into it with ${code(command)}.`;
}

function changedText(files: readonly { path: string; status: string }[]): string {
  const names = files.slice(0, LISTED).map(({ path, status }) => `${code(path, 200)} (${status})`);
  const left = files.length - names.length;
  const rest = left > 0 ? `, and ${left} more` : "";
  return `What would be proposed, unverified: ${names.join(", ")}${rest}.`;
}

function dryRun({ commands, files = [] }: Outcome & { kind: "dry-run" }): OutcomeText {
  const lines = commands
    .slice(0, LISTED)
    .map(({ purpose, command }) => `- ${inline(purpose, 100)}: ${code(command, 300)}`);
  const left = commands.length - lines.length;
  return {
    headline: "dry run",
    paragraphs: [
      "As asked, no command was executed and nothing was pushed. These commands were written down:",
      [...lines, ...(left > 0 ? [`- and ${left} more`] : [])].join("\n"),
      ...(files.length > 0 ? [changedText(files)] : []),
    ],
  };
}

function noChecks(reason: string, pushed: string): OutcomeText {
  return {
    headline: "no checks",
    paragraphs: [`${inline(reason, 1_000)} ${pushed}`, HOW_TO_NAME_CHECKS],
  };
}

const HOW_TO_NAME_CHECKS =
  "Name the commands that prove a change in `.github/nexus.yml` on the default branch, or give `package.json` a `test`, `lint` or `build` script.";

function proposed(outcome: Outcome & { kind: "proposed" }, baseline?: Evidence): OutcomeText {
  const { pullRequest, evidence, checkRunProblem } = outcome;
  const pull = link(pullRequest.number, pullRequest.url);
  const same = pullRequest.head === evidence.commit;
  const claim = same
    ? `${pull} is open on ${code(pullRequest.branch)}. Its head is ${short(pullRequest.head)}: the commit on which every check below was run.`
    : `${pull} is open on ${code(pullRequest.branch)}, but its head is ${short(pullRequest.head)} and the checks below were run on ${short(evidence.commit)}.`;
  return {
    headline: proposedHeadline(pull, outcome),
    paragraphs: [
      claim,
      ...weakenedText(evidence),
      ...(checkRunProblem === undefined ? [] : [noCheckRun(checkRunProblem)]),
      evidenceTable(evidence, baseline),
      ...proofsText(evidence.proofs),
    ],
  };
}

function proposedHeadline(
  pull: string,
  { evidence, unfinished }: Outcome & { kind: "proposed" },
): string {
  if (isWeakened(evidence)) return `draft ${pull}: tests were weakened`;
  return unfinished ? `draft ${pull} with a part of the work` : `pull request ${pull}`;
}

function checksFailed(
  { evidence, before, corrections, tried, stopped, heldUntil }: Outcome & { kind: "checks-failed" },
  { baseline, pushed, task }: Known,
): OutcomeText {
  const tries = ["", " after one correction"][corrections] ?? ` after ${corrections} corrections`;
  return {
    headline: "checks still fail",
    paragraphs: [
      `Not every check passes${tries}. ${pushedText(pushed)}`,
      ...(stopped ? [stoppedText(stopped)] : []),
      ...triedSection(tried),
      ...(before ? redBeforeText(evidence, before) : []),
      ...mergeReportText(evidence.merge),
      before ? evidenceTable(evidence, before, "Before") : evidenceTable(evidence, baseline),
      ...firstFailureOf(evidence),
      ...(heldUntil === undefined
        ? []
        : [`Its workspace is kept. ${inspectText(heldUntil, task)}`]),
    ],
  };
}

function stoppedText({ code: why, reason }: { code: string; reason: string }): string {
  return `The last correction came to nothing: ${inline(reason, 500)} (${code(why, 60)})`;
}

function conflicted(
  { item, files, merge }: Outcome & { kind: "conflicted" },
  pushed: string,
): OutcomeText {
  if (merge) return unmergedText(merge, { files, pushed });
  const listed = files.slice(0, FILES).map((file) => `- ${code(file)}`);
  if (files.length > FILES) listed.push(`- and ${files.length - FILES} more`);
  return {
    headline: "work items conflict",
    paragraphs: [
      `${code(item ?? "A work item")} changes the same places as the work before it. ${pushed}`,
      listed.join("\n"),
    ],
  };
}

/** Said of endings that need not deny a push: where there was one, people are told. */
function onlyIfPushed({ pushed }: Known): string {
  return pushed ? ` ${pushedText(pushed)}` : "";
}

interface Trouble {
  readonly code: string;
  readonly reason: string;
  readonly hint?: string | undefined;
}

function trouble(headline: string, told: Trouble, pushed: string): OutcomeText {
  const hint = told.hint === undefined ? [] : [inline(told.hint, 500)];
  return {
    headline,
    paragraphs: [`${inline(told.reason, 1_000)} (${code(told.code, 60)})${pushed}`, ...hint],
  };
}

function tableOf(evidence: Evidence | undefined): readonly string[] {
  return evidence && evidence.checks.length > 0 ? [evidenceTable(evidence)] : [];
}

function firstFailureOf(evidence: Evidence | undefined): readonly string[] {
  const failing = evidence && firstFailing(evidence);
  return failing ? [`First failing: ${checkText(failing)}`] : [];
}
