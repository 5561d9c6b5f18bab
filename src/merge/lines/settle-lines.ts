import type { Piece } from "../text/assemble.ts";
import { type Chunk, type Hunk, mergeLines } from "../text/merge-lines.ts";
import { splitsOneThing } from "./one-thing.ts";
import { settleHunk } from "./settle-hunk.ts";
import type { Place } from "./stage.ts";

/** Why lines that touch are left, though each was changed by one side only: no other stage may split them either. */
export const ONE_THING = "the sides changed lines that make one decision together";

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
      const why = splitsOneThing(hunk, at) ? ONE_THING : "both sides changed the same lines";
      return { kind: "conflict", hunk, why };
    }
    return { kind: "settled", stage: "lines", hunk, ...settled };
  });
}

function textOf(chunk: Chunk | undefined): string {
  return chunk?.kind === "settled" ? chunk.text : "";
}
