import type { Hunk } from "../text/merge-lines.ts";

/** A place on which the sides do not agree; undefined for a side that has nothing there. No line end at the end. */
export interface Disagreement {
  readonly base: string | undefined;
  readonly ours: string | undefined;
  readonly theirs: string | undefined;
  readonly why: string;
}

/** What a merged text is made of: text, what was settled before it, what was not. */
export type Piece =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "note"; readonly why: string }
  | ({ readonly kind: "conflict" } & Disagreement);

/** A piece of text. */
export function textPiece(text: string): Piece {
  return { kind: "text", text };
}

/** One conflict over the whole of something. */
export function conflictPiece(hunk: Omit<Disagreement, "why">, why: string): Piece {
  return { kind: "conflict", ...hunk, why };
}

/** The pieces with more text at their end: in a conflict, at the end of every side that has something. */
export function withTail(pieces: readonly Piece[], tail: string): readonly Piece[] {
  const last = pieces.at(-1);
  if (tail === "") return pieces;
  if (last?.kind !== "conflict") return [...pieces, textPiece(tail)];
  const add = (side: string | undefined) => (side === undefined ? undefined : side + tail);
  const longer = { base: add(last.base), ours: add(last.ours), theirs: add(last.theirs) };
  return [...pieces.slice(0, -1), { ...last, ...longer }];
}

/** True where a conflict is among them. */
export function hasConflict(pieces: readonly Piece[]): boolean {
  return pieces.some((piece) => piece.kind === "conflict");
}

/** Why two additions of one name cannot be merged: lines alone would not see it. */
export const CLASH = "both sides added the same name with different content";

/** True where a conflict is among them that a merge by lines may overlook. */
export function hasClash(pieces: readonly Piece[]): boolean {
  return pieces.some((piece) => piece.kind === "conflict" && piece.why === CLASH);
}

/** The text of pieces without a conflict. */
function joined(pieces: readonly Piece[]): string {
  return pieces.map((piece) => (piece.kind === "text" ? piece.text : "")).join("");
}

/**
 * True where every conflict takes whole lines. What stands before the first and after the last is the caller's
 * to judge where the pieces say nothing about it.
 */
export function takesWholeLines(pieces: readonly Piece[]): boolean {
  const at = pieces.flatMap((piece, index) => (piece.kind === "conflict" ? [index] : []));
  return at.every((index, nth) => {
    const before = joined(pieces.slice(nth > 0 ? (at[nth - 1] ?? 0) + 1 : 0, index));
    const after = joined(pieces.slice(index + 1, at[nth + 1] ?? pieces.length));
    const isFirst = nth === 0;
    const isLast = nth === at.length - 1;
    const startsLine = isFirst ? /(?:^|\n)[ \t]*$/.test(before) : /\n[ \t]*$/.test(before);
    return startsLine && (/^[ \t]*\r?\n/.test(after) || (isLast && /^[ \t]*$/.test(after)));
  });
}

/** The sides of a conflict as whole lines: the line's own beginning before what is there, a line end after it. */
export function wholeLines(conflict: Disagreement, indent: string, ending: string): Hunk {
  const lines = (side: string | undefined) => (side === undefined ? "" : indent + side + ending);
  return {
    base: lines(conflict.base),
    ours: lines(conflict.ours),
    theirs: lines(conflict.theirs),
  };
}
