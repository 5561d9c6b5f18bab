import { diff } from "./diff.ts";
import { type EditGroup, groupEdits } from "./group-edits.ts";
import { createInterner } from "./intern.ts";
import { splitLines } from "./split-lines.ts";

/** Three texts of one place. */
export interface Hunk {
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
}

/** A stretch of whole lines: untouched, changed by one side or alike by both, or changed by both. */
export type Chunk =
  | { readonly kind: "settled"; readonly text: string }
  | ({ readonly kind: "conflict" } & Hunk);

/**
 * Merges by whole lines: what only one side changed is taken, and so is what both changed alike; edits that touch
 * are a conflict. Joined, the chunks are the file. Symmetric in its sides.
 */
export function mergeLines(sides: Hunk): { readonly chunks: readonly Chunk[] } {
  const base = splitLines(sides.base);
  const ours = splitLines(sides.ours);
  const theirs = splitLines(sides.theirs);
  const intern = createInterner();
  const baseItems = intern(base);
  const groups = groupEdits(diff(baseItems, intern(ours)), diff(baseItems, intern(theirs)));
  const chunks: Chunk[] = [];
  let done = 0;
  for (const group of groups) {
    keep(chunks, base.slice(done, group.base.start).join(""));
    done = group.base.end;
    const hunk = {
      base: base.slice(group.base.start, group.base.end).join(""),
      ours: ours.slice(group.ours.start, group.ours.end).join(""),
      theirs: theirs.slice(group.theirs.start, group.theirs.end).join(""),
    };
    const settled = settledBySide(group, hunk);
    if (settled === undefined) chunks.push({ kind: "conflict", ...hunk });
    else keep(chunks, settled);
  }
  keep(chunks, base.slice(done).join(""));
  return { chunks };
}

function settledBySide({ ourEdits, theirEdits }: EditGroup, hunk: Hunk): string | undefined {
  if (ourEdits.length === 0) return hunk.theirs;
  if (theirEdits.length === 0 || hunk.ours === hunk.theirs) return hunk.ours;
  return undefined;
}

function keep(chunks: Chunk[], text: string): void {
  if (text !== "") chunks.push({ kind: "settled", text });
}
