import type { Conflict, ConflictedFile, Sides } from "../../../src/core/merge.ts";

/** A piece of a file: the same on all sides, or base, ours and theirs of a conflict. */
type Piece = string | readonly [base: string, ours: string, theirs: string];

/** A file made of such pieces, and its merge with markers. Every piece has whole lines. */
export function conflictedFile(path: string, pieces: readonly Piece[]) {
  const conflicts: Conflict[] = [];
  let text = "";
  for (const piece of pieces) {
    if (typeof piece === "string") {
      text += piece;
      continue;
    }
    const [base, ours, theirs] = piece;
    const line = text.split("\n").length;
    conflicts.push({ base, ours, theirs, line, why: "both sides changed the same lines" });
    const middle = base === "" ? "" : `||||||| base\n${base}`;
    text += `<<<<<<< ours\n${ours}${middle}=======\n${theirs}>>>>>>> theirs\n`;
  }
  const side = (index: 0 | 1 | 2) =>
    pieces.map((piece) => (typeof piece === "string" ? piece : piece[index])).join("");
  const sides: Sides = { path, base: side(0), ours: side(1), theirs: side(2) };
  const merge: ConflictedFile = { kind: "conflicted", text, hunks: [], conflicts };
  return { sides, merge };
}
