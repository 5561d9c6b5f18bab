import type { Chunk } from "../text/merge-lines.ts";
import { conflictPiece, type Piece, textPiece } from "./pieces.ts";
import { pick, type Triple } from "./triple.ts";
import type { Work } from "./work.ts";

const WHY = "both sides changed the same lines";

/** The conflict of a chunk in the middle of a text, and the line end after it; undefined where a side has none. */
function inside(chunk: Triple<string>): readonly Piece[] | undefined {
  const sides = [chunk.base, chunk.ours, chunk.theirs].filter((side) => side !== "");
  if (!sides.every((side) => side.endsWith("\n"))) return undefined;
  const cut = (side: string) => (side === "" ? undefined : side.replace(/\r?\n$/, ""));
  const hunk = { base: cut(chunk.base), ours: cut(chunk.ours), theirs: cut(chunk.theirs) };
  return [conflictPiece(hunk, WHY), textPiece(chunk.ours.endsWith("\r\n") ? "\r\n" : "\n")];
}

function atEnd(chunk: Triple<string>): readonly Piece[] | undefined {
  const sides = [chunk.base, chunk.ours, chunk.theirs].filter((side) => side !== "");
  if (sides.some((side) => side.endsWith("\n"))) return undefined;
  const side = (text: string) => (text === "" ? undefined : text);
  const hunk = { base: side(chunk.base), ours: side(chunk.ours), theirs: side(chunk.theirs) };
  return [conflictPiece(hunk, WHY)];
}

function chunkPieces(work: Work, chunk: Chunk, isLast: boolean): readonly Piece[] | undefined {
  if (chunk.kind === "settled") return [textPiece(chunk.text)];
  const settled = work.settle(chunk);
  if (settled) return [{ kind: "note", why: settled.why }, textPiece(settled.text)];
  return isLast ? atEnd(chunk) : inside(chunk);
}

/** Merges texts without structure: by lines and by what can be proven of single hunks; else conflicts. */
export function mergeLeaf(work: Work, texts: Triple<string>): readonly Piece[] {
  const picked = pick(texts);
  if (picked) return [textPiece(picked.value)];
  const { chunks } = work.mergeLines(texts);
  const pieces: Piece[] = [];
  for (const [at, chunk] of chunks.entries()) {
    const more = chunkPieces(work, chunk, at === chunks.length - 1);
    if (!more) return [conflictPiece(texts, WHY)];
    pieces.push(...more);
  }
  return pieces;
}
