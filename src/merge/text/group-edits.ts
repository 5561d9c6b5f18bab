import type { Edit } from "./diff.ts";

/** A stretch of one sequence, end exclusive. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/** Edits of both sides that touch, and the stretches that they stand in. */
export interface EditGroup {
  readonly base: Span;
  readonly ours: Span;
  readonly theirs: Span;
  readonly ourEdits: readonly Edit[];
  readonly theirEdits: readonly Edit[];
}

/** Both sides' edits in order, those together that overlap or touch in the base. */
export function groupEdits(ours: readonly Edit[], theirs: readonly Edit[]): EditGroup[] {
  const groups: EditGroup[] = [];
  const our = { edits: ours, next: 0, shift: 0 };
  const their = { edits: theirs, next: 0, shift: 0 };
  for (;;) {
    const start = Math.min(nextStart(our), nextStart(their));
    if (start === Number.POSITIVE_INFINITY) return groups;
    const shifts = [our.shift, their.shift] as const;
    const ourEdits: Edit[] = [];
    const theirEdits: Edit[] = [];
    let end = take(their, take(our, start, ourEdits), theirEdits);
    for (let reached = -1; reached !== end; ) {
      reached = end;
      end = take(their, take(our, end, ourEdits), theirEdits);
    }
    groups.push({
      base: { start, end },
      ours: { start: start + shifts[0], end: end + our.shift },
      theirs: { start: start + shifts[1], end: end + their.shift },
      ourEdits,
      theirEdits,
    });
  }
}

interface Cursor {
  readonly edits: readonly Edit[];
  next: number;
  /** What to add to a place in the base, after the edits taken, for the place in the side. */
  shift: number;
}

function nextStart({ edits, next }: Cursor): number {
  return edits[next]?.baseStart ?? Number.POSITIVE_INFINITY;
}

/** Takes the edits that start at or before `end`; says how far in the base they reach. */
function take(cursor: Cursor, end: number, into: Edit[]): number {
  let reached = end;
  for (
    let edit = cursor.edits[cursor.next];
    edit !== undefined && edit.baseStart <= reached;
    edit = cursor.edits[cursor.next]
  ) {
    reached = Math.max(reached, edit.baseEnd);
    cursor.shift = edit.end - edit.baseEnd;
    cursor.next += 1;
    into.push(edit);
  }
  return reached;
}
