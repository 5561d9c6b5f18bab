import type { SideEdit } from "../text/weave.ts";

/** True where a side took a line that says something away and put it elsewhere: then places are no measure. */
export function movesLines(edits: readonly SideEdit[], base: readonly string[]): boolean {
  const added = new Set(edits.flatMap((edit) => [...edit.items]));
  return edits
    .flatMap((edit) => base.slice(edit.baseStart, edit.baseEnd))
    .some((line) => /[\p{L}\p{N}]/u.test(line) && added.has(line));
}
