import type { Edit } from "../text/diff.ts";
import { diff } from "../text/diff.ts";
import { type EditGroup, groupEdits } from "../text/group-edits.ts";
import { createInterner } from "../text/intern.ts";

/** Three lists of one kind. */
export interface Three<T> {
  readonly base: readonly T[];
  readonly ours: readonly T[];
  readonly theirs: readonly T[];
}

/** A stretch of lists that one side changed, or that both did. */
export interface Group<T> extends Three<T> {
  readonly ourEdits: readonly Edit[];
  readonly theirEdits: readonly Edit[];
}

/**
 * The lists as stretches in order: those that nobody changed are given as they are in ours, the others as groups.
 * Items are the same where their keys are.
 */
export function stretchesOf<T>(
  { base, ours, theirs }: Three<T>,
  keyOf: (item: T) => string,
): readonly ({ readonly kept: readonly T[] } | Group<T>)[] {
  const intern = createInterner();
  const [b, o, t] = [base, ours, theirs].map((items) => intern(items.map(keyOf)));
  if (!b || !o || !t) return [];
  const found: ({ readonly kept: readonly T[] } | Group<T>)[] = [];
  let done = 0;
  for (const group of groupEdits(diff(b, o), diff(b, t))) {
    found.push({ kept: ours.slice(done, group.ours.start) });
    done = group.ours.end;
    found.push(groupOf({ base, ours, theirs }, group));
  }
  found.push({ kept: ours.slice(done) });
  return found;
}

function groupOf<T>({ base, ours, theirs }: Three<T>, group: EditGroup): Group<T> {
  return {
    base: base.slice(group.base.start, group.base.end),
    ours: ours.slice(group.ours.start, group.ours.end),
    theirs: theirs.slice(group.theirs.start, group.theirs.end),
    ourEdits: group.ourEdits,
    theirEdits: group.theirEdits,
  };
}

/** The one of three values that only one side changed, or that both changed alike; undefined where they disagree. */
export function pickOne<T>(base: T, ours: T, theirs: T): { readonly value: T } | undefined {
  if (ours === theirs || theirs === base) return { value: ours };
  return ours === base ? { value: theirs } : undefined;
}
