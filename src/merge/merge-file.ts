import type { Conflict, FileMerge, HunkReport, Sides } from "../core/merge.ts";
import type { Syntax } from "../core/syntax.ts";
import { settleHunk } from "./lines/settle-hunk.ts";
import { markedConflict, markerSizeFor } from "./text/markers.ts";
import { mergeLines } from "./text/merge-lines.ts";

/** Merges one file. */
export function mergeFile(sides: Sides, syntax: Syntax): FileMerge {
  const { base, ours, theirs } = sides;
  if (ours === theirs || theirs === base) return { kind: "merged", text: ours, hunks: [] };
  if (ours === base) return { kind: "merged", text: theirs, hunks: [] };
  const at = { path: sides.path, language: syntax.languageOf(sides.path) };
  const size = markerSizeFor([base, ours, theirs]);
  const hunks: HunkReport[] = [];
  const conflicts: Conflict[] = [];
  let text = "";
  let line = 1;
  for (const chunk of mergeLines(sides).chunks) {
    let out: string;
    if (chunk.kind === "settled") out = chunk.text;
    else {
      const settled = settleHunk(chunk, at);
      if (settled !== undefined) {
        out = settled.text;
        hunks.push({ stage: "lines", line, why: settled.why, confidence: "proven" });
      } else {
        const why = "both sides changed the same lines";
        out = markedConflict(chunk, size);
        conflicts.push({ ...chunk, line, why });
        hunks.push({ stage: "person", line, why, confidence: "proposed" });
      }
    }
    text += out;
    line += out.split("\n").length - 1;
  }
  return conflicts.length === 0
    ? { kind: "merged", text, hunks }
    : { kind: "conflicted", text, hunks, conflicts };
}
