import type { Hunk, mergeLines } from "../text/merge-lines.ts";
import type { Member } from "./outline.ts";
import type { Piece } from "./pieces.ts";

/** What the merge of structure asks of the merge of lines. */
export interface Work {
  /** Settles one hunk where it can prove an answer. */
  readonly settle: (hunk: Hunk) => { readonly text: string; readonly why: string } | undefined;
  readonly mergeLines: typeof mergeLines;
}

/** Merges one member of three sides, or one that both sides added; nothing where it cannot say anything. */
export type MergeMember = (members: {
  readonly base: Member | undefined;
  readonly ours: Member;
  readonly theirs: Member;
}) => readonly Piece[];
