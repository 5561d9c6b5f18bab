import { diff, type Edit } from "./diff.ts";
import { createInterner } from "./intern.ts";

/** Three sequences of strings, and when edits of different sides are far enough from each other. */
export interface Threads {
  readonly base: readonly string[];
  readonly ours: readonly string[];
  readonly theirs: readonly string[];
  /** Asked for an edit of one side and the next of the other; they do not overlap. */
  apart(before: SideEdit, after: SideEdit): boolean;
}

/** An edit, and what it puts in place. */
export interface SideEdit extends Edit {
  readonly side: "ours" | "theirs" | "both";
  readonly items: readonly string[];
}

/**
 * The base with the edits of both sides, or undefined where they overlap, insert at one place, or are not apart.
 * An edit that both made alike counts once.
 */
export function weave(threads: Threads): readonly string[] | undefined {
  const { base } = threads;
  const [ours, theirs] = editsOfBoth(threads);
  const edits = dropTwins([...ours, ...theirs].sort(byPlace));
  const woven: string[] = [];
  let done = 0;
  let before: SideEdit | undefined;
  for (const edit of edits) {
    if (before !== undefined && !standsAfter(before, edit, threads)) return undefined;
    for (; done < edit.baseStart; done += 1) woven.push(base[done] ?? "");
    for (const item of edit.items) woven.push(item);
    done = edit.baseEnd;
    before = edit;
  }
  for (; done < base.length; done += 1) woven.push(base[done] ?? "");
  return woven;
}

/** What each side did to the base. */
export function editsOfBoth({
  base,
  ours,
  theirs,
}: Pick<Threads, "base" | "ours" | "theirs">): readonly [SideEdit[], SideEdit[]] {
  const intern = createInterner();
  const items = intern(base);
  const editsOf = (side: "ours" | "theirs", other: readonly string[]): SideEdit[] =>
    diff(items, intern(other)).map((edit) => ({
      ...edit,
      side,
      items: other.slice(edit.start, edit.end),
    }));
  return [editsOf("ours", ours), editsOf("theirs", theirs)];
}

/** True where two edits do the same to the same place. */
export function isSameEdit(left: SideEdit, right: SideEdit): boolean {
  return (
    left.baseStart === right.baseStart &&
    left.baseEnd === right.baseEnd &&
    left.items.length === right.items.length &&
    left.items.every((item, at) => item === right.items[at])
  );
}

function byPlace(left: SideEdit, right: SideEdit): number {
  return left.baseStart - right.baseStart || left.baseEnd - right.baseEnd;
}

function dropTwins(edits: readonly SideEdit[]): SideEdit[] {
  const kept: SideEdit[] = [];
  for (const edit of edits) {
    const last = kept.at(-1);
    if (last === undefined || !isSameEdit(last, edit)) kept.push(edit);
    else kept[kept.length - 1] = { ...last, side: "both" };
  }
  return kept;
}

function standsAfter(before: SideEdit, edit: SideEdit, threads: Threads): boolean {
  // Edits of one side never touch, and what both made alike is of either side.
  if (before.side === edit.side || before.side === "both" || edit.side === "both") return true;
  if (edit.baseStart < before.baseEnd) return false;
  const isSamePoint = before.baseStart === edit.baseStart && before.baseEnd === edit.baseEnd;
  return !isSamePoint && threads.apart(before, edit);
}
