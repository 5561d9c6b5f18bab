import type { FileReport, HunkReport, MergeStage } from "../core/merge.ts";
import { cell, code, inline } from "./escape.ts";

const ROWS = 20;
const REASONS = 3;
/** Characters: a comment has room for 65,536, and other things to say. */
const ROOM = 8_000;

/** Who settled a place, as people know it. */
export const STAGE_NAMES: Readonly<Record<MergeStage, string>> = {
  git: "git",
  lines: "lines",
  structure: "structure",
  rule: "a rule",
  regenerated: "made anew",
  remembered: "an earlier resolution",
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
  const rows = fitting(all, ROOM);
  const left = report.length - rows.length;
  const more = left > 0 ? ["", `And ${counted(left, "file")} more.`] : [];
  return [[...head, ...rows, ...more].join("\n")];
}

/** The same in one sentence without names, for a commit's message. */
export function settledText(report: readonly FileReport[]): string {
  if (report.length === 0) return "Nothing conflicted.";
  const hunks = report.flatMap((file) => file.hunks);
  const stages = unique(hunks.map(({ stage }) => STAGE_NAMES[stage])).join(", ");
  const by = stages === "" ? "" : `, by: ${stages}`;
  return `Conflicts in ${counted(report.length, "file")} were settled${by}.`;
}

function stagesOf({ kind, hunks }: FileReport): string {
  const stages = unique(hunks.map(({ stage }) => STAGE_NAMES[stage]));
  if (kind === "conflicted" && !stages.includes(STAGE_NAMES.person))
    stages.push(STAGE_NAMES.person);
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

/** A number of things in words: `1 file`, `2 files`. */
export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? "" : "s"}`;
}
