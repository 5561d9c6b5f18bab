import type { FileMerge } from "../../../../src/core/merge.ts";
import type { Syntax } from "../../../../src/core/syntax.ts";
import { mergeStructure } from "../../../../src/merge/structure/merge-structure.ts";
import { mergeLines } from "../../../../src/merge/text/merge-lines.ts";

/** Three texts of one file, in the order base, ours, theirs. */
export type Texts = readonly [base: string, ours: string, theirs: string];

/** Merges by structure alone: no hunk is settled by its lines. */
export function mergeAlone(syntax: Syntax, path: string, [base, ours, theirs]: Texts) {
  const settleHunk = () => undefined;
  return mergeStructure({ path, base, ours, theirs }, { syntax, settleHunk, mergeLines });
}

/** The merged text; throws where there is none. */
export function cleanText(merge: FileMerge | undefined): string {
  if (merge?.kind !== "merged") throw new Error(`it is not clean: ${merge?.text ?? "nothing"}`);
  return merge.text;
}
