import type { Conflict, FileMerge, HunkReport } from "../../core/merge.ts";
import { markedConflict } from "../text/markers.ts";
import { type Disagreement, type Piece, wholeLines } from "./pieces.ts";

interface Page {
  text: string;
  line: number;
  /** A conflict was written and the end of its line is still to come. */
  owesLineEnd: boolean;
  readonly hunks: HunkReport[];
  readonly conflicts: Conflict[];
}

function write(page: Page, text: string): void {
  page.text += text;
  page.line += text.split("\n").length - 1;
}

function writeText(page: Page, text: string): void {
  if (!page.owesLineEnd) {
    write(page, text);
    return;
  }
  const rest = text.replace(/^[ \t]*/, "");
  if (rest === "") return;
  page.owesLineEnd = false;
  write(page, rest.replace(/^\r?\n/, ""));
}

function writeConflict(page: Page, conflict: Disagreement, size: number): void {
  const indent = page.text.slice(page.text.lastIndexOf("\n") + 1);
  page.text = page.text.slice(0, page.text.length - indent.length);
  const ending = /\r\n/.test(conflict.ours ?? conflict.theirs ?? "") ? "\r\n" : "\n";
  const hunk = wholeLines(conflict, indent, ending);
  page.conflicts.push({ ...hunk, line: page.line, why: conflict.why });
  page.hunks.push({ stage: "person", line: page.line, why: conflict.why, confidence: "proposed" });
  write(page, markedConflict(hunk, size));
  page.owesLineEnd = true;
}

/** The merged text, or the text with markers of that many signs; what was settled where is told. */
export function render(pieces: readonly Piece[], markerSize: number): FileMerge {
  const page: Page = { text: "", line: 1, owesLineEnd: false, hunks: [], conflicts: [] };
  for (const piece of pieces) {
    if (piece.kind === "text") writeText(page, piece.text);
    else if (piece.kind === "conflict") writeConflict(page, piece, markerSize);
    else {
      const { why } = piece;
      page.hunks.push({ stage: "structure", line: page.line, why, confidence: "proven" });
    }
  }
  const { text, hunks, conflicts } = page;
  if (conflicts.length > 0) return { kind: "conflicted", text, hunks, conflicts };
  return { kind: "merged", text, hunks };
}
