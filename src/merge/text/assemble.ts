import type { Conflict, FileMerge, HunkReport, MergeStage } from "../../core/merge.ts";
import { markedConflict, markerSizeFor } from "./markers.ts";
import type { Hunk } from "./merge-lines.ts";

/** A stretch of a file: text, with the stage and the reason where one settled it, or a conflict. */
export type Piece =
  | { readonly kind: "text"; readonly text: string }
  | {
      readonly kind: "settled";
      readonly text: string;
      readonly stage: MergeStage;
      readonly why: string;
      /** What the stage was given. */
      readonly hunk: Hunk;
    }
  | { readonly kind: "conflict"; readonly hunk: Hunk; readonly why: string };

/** The file that the pieces make, with markers that no line of it reads like, and a report with line numbers. */
export function assemble(pieces: readonly Piece[]): FileMerge {
  const hunks: HunkReport[] = [];
  const conflicts: Conflict[] = [];
  const size = markerSizeFor(pieces.flatMap(textsOf));
  const written: string[] = [];
  let line = 1;
  for (const piece of pieces) {
    const text = piece.kind === "conflict" ? markedConflict(piece.hunk, size) : piece.text;
    if (piece.kind === "settled") {
      hunks.push({ stage: piece.stage, line, why: piece.why, confidence: "proven" });
    } else if (piece.kind === "conflict") {
      hunks.push({ stage: "person", line, why: piece.why, confidence: "proposed" });
      conflicts.push({ ...piece.hunk, line, why: piece.why });
    }
    written.push(text);
    line += feedsIn(text);
  }
  const text = written.join("");
  if (conflicts.length === 0) return { kind: "merged", text, hunks };
  return { kind: "conflicted", text, hunks, conflicts };
}

function textsOf(piece: Piece): readonly string[] {
  if (piece.kind !== "conflict") return [piece.text];
  return [piece.hunk.base, piece.hunk.ours, piece.hunk.theirs];
}

function feedsIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count += 1;
  return count;
}
