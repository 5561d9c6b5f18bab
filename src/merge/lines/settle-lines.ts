import type { Piece } from "../text/assemble.ts";
import { type Chunk, type Hunk, mergeLines } from "../text/merge-lines.ts";
import { settleHunk } from "./settle-hunk.ts";
import type { Place } from "./stage.ts";

/** Merges by lines, and settles each conflict that a hunk stage can prove an answer for. */
export function settleLines(sides: Hunk, at: Place): readonly Piece[] {
  const { chunks } = mergeLines(sides);
  return chunks.map((chunk, index): Piece => {
    if (chunk.kind === "settled") return { kind: "text", text: chunk.text };
    const { base, ours, theirs } = chunk;
    const hunk = { base, ours, theirs };
    const around = { before: textOf(chunks[index - 1]), after: textOf(chunks[index + 1]) };
    const settled = settleHunk(hunk, { ...at, ...around });
    if (settled === undefined) {
      return { kind: "conflict", hunk, why: "both sides changed the same lines" };
    }
    return { kind: "settled", stage: "lines", hunk, ...settled };
  });
}

function textOf(chunk: Chunk | undefined): string {
  return chunk?.kind === "settled" ? chunk.text : "";
}
