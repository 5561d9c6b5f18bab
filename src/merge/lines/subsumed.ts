import { splitLines } from "../text/split-lines.ts";
import { editsOfBoth, isSameEdit, type SideEdit } from "../text/weave.ts";
import type { HunkStage } from "./stage.ts";

/** One side made all edits of the other, and more: it is taken. */
export const subsumed: HunkStage = (hunk) => {
  const [ours, theirs] = editsOfBoth({
    base: splitLines(hunk.base),
    ours: splitLines(hunk.ours),
    theirs: splitLines(hunk.theirs),
  });
  if (ours.length === 0 || theirs.length === 0) return undefined;
  const why = "one side made all edits of the other, and more";
  if (contains(ours, theirs)) return { text: hunk.ours, why };
  if (contains(theirs, ours)) return { text: hunk.theirs, why };
  return undefined;
};

function contains(more: readonly SideEdit[], fewer: readonly SideEdit[]): boolean {
  return fewer.every((edit) => more.some((other) => isSameEdit(edit, other)));
}
