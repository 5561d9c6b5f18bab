import type { LeftConflict } from "../core/left-conflict.ts";
import type { FileReport, HunkReport, MergeStage } from "../core/merge.ts";
import { cell, code, fenced, inline, shortened } from "./escape.ts";

const ROWS = 20;
const REASONS = 3;
const TITLES = 3;
const EXCERPT = 2_500;
/** Characters: a comment has room for 65,536, and other things to say. */
const ROOM = { report: 8_000, left: 24_000 };

/** Who settled a place, as people know it. */
const BY: Readonly<Record<MergeStage, string>> = {
  git: "git",
  lines: "lines",
  structure: "structure",
  rule: "a rule",
  regenerated: "made anew",
  remembered: "as settled before",
  model: "a model",
  person: "left to a person",
};

/** How each file was merged on which git alone stopped, as a table; nothing where there is none. */
export function mergeReportText(report: readonly FileReport[] = []): readonly string[] {
  if (report.length === 0) return [];
  const all = report.slice(0, ROWS).map((file) => {
    const { hunks } = file;
    const columns = [code(file.path, 120), stagesOf(file), String(hunks.length), whyOf(hunks)];
    return `| ${[...columns, confidenceOf(hunks)].map(cell).join(" | ")} |`;
  });
  const head = [
    "| File | Settled by | Places | Why | Confidence |",
    "| --- | --- | --- | --- | --- |",
  ];
  const rows = fitting(all, ROOM.report);
  const left = report.length - rows.length;
  const more = left > 0 ? ["", `And ${counted(left, "file")} more.`] : [];
  return [[...head, ...rows, ...more].join("\n")];
}

/** The same in one sentence without names, for a commit's message. */
export function settledText(report: readonly FileReport[]): string {
  const hunks = report.flatMap((file) => file.hunks);
  const stages = unique(hunks.map(({ stage }) => BY[stage])).join(", ");
  const by = stages === "" ? "" : `, by: ${stages}`;
  return `Conflicts in ${counted(report.length, "file")} were settled${by}.`;
}

function stagesOf({ kind, hunks }: FileReport): string {
  const stages = unique(hunks.map(({ stage }) => BY[stage]));
  if (kind === "conflicted" && !stages.includes(BY.person)) stages.push(BY.person);
  return stages.join(", ") || "–";
}

function whyOf(hunks: readonly HunkReport[]): string {
  const reasons = unique(hunks.map(({ why }) => why));
  const shown = reasons.slice(0, REASONS).map((why) => inline(why, 160));
  const left = reasons.length - shown.length;
  return [...shown, ...(left > 0 ? [`and ${left} more`] : [])].join("; ") || "–";
}

/** A file is as sure as its least sure place. */
function confidenceOf(hunks: readonly HunkReport[]): string {
  const levels = ["proposed", "checked", "proven"] as const;
  return levels.find((level) => hunks.some(({ confidence }) => confidence === level)) ?? "–";
}

/** What is left to a person: each conflict, what both sides wanted, and what was offered for it. */
export function leftConflictsText(left: readonly LeftConflict[]): readonly string[] {
  const shown = fitting(left.map(leftConflictText), ROOM.left);
  const more = left.length - shown.length;
  return [...shown, ...(more > 0 ? [`And ${counted(more, "file")} more.`] : [])];
}

function leftConflictText({ path, why, excerpt, ours, theirs, proposals }: LeftConflict): string {
  return [
    `#### ${code(path, 200)}`,
    inline(why, 400),
    [`- This pull request: ${titles(ours)}`, `- Its base: ${titles(theirs)}`].join("\n"),
    ...(excerpt === undefined ? [] : [fenced(shortened(excerpt, EXCERPT))]),
    ...proposals
      .slice(0, 2)
      .flatMap((proposal) => [
        `Offered by ${BY[proposal.stage]}, and not taken: ${inline(proposal.why, 400)}`,
        ...(proposal.text === undefined ? [] : [fenced(shortened(proposal.text, EXCERPT))]),
      ]),
  ].join("\n\n");
}

function titles(subjects: readonly string[]): string {
  const shown = subjects.slice(0, TITLES).map((subject) => inline(subject, 120));
  return shown.join("; ") || "no commit that names itself";
}

/** As many from the beginning as there is room for. */
function fitting(texts: readonly string[], characters: number): readonly string[] {
  let room = characters;
  const beyond = texts.findIndex((text) => {
    room -= text.length;
    return room < 0;
  });
  return beyond < 0 ? texts : texts.slice(0, beyond);
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}

function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? "" : "s"}`;
}
