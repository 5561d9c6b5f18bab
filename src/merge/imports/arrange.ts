import type { Compare } from "./import-language.ts";

/** Three lists whose order means nothing. */
export interface Lists {
  readonly base: readonly string[];
  readonly ours: readonly string[];
  readonly theirs: readonly string[];
}

/** Fewer may be sorted by chance. */
const FEWEST = 2;

/**
 * The kept members in the order of the side that arranged them anew, with the other side's own at their sorted place
 * where both lists are sorted, else after what they stood after.
 */
export function arrange(
  lists: Lists,
  kept: ReadonlySet<string>,
  orders: readonly Compare[],
): readonly string[] {
  const { base, ours, theirs } = lists;
  const isTheirs = isReordered(base, theirs) && !isReordered(base, ours);
  const [first, second] = isTheirs ? [theirs, ours] : [ours, theirs];
  const placed = first.filter((member) => kept.has(member));
  const order = orders.find((compare) =>
    [first, second].every((list) => list.length >= FEWEST && isSorted(list, compare)),
  );
  for (const [at, member] of second.entries()) {
    if (placed.includes(member) || !kept.has(member)) continue;
    const place = order
      ? sortedPlace(placed, member, order)
      : placeAfter(placed, second.slice(0, at), new Set(second));
    placed.splice(place, 0, member);
  }
  return placed;
}

function isReordered(base: readonly string[], side: readonly string[]): boolean {
  const inSide = side.filter((member) => base.includes(member));
  const inBase = base.filter((member) => side.includes(member));
  return inSide.some((member, at) => member !== inBase[at]);
}

function isSorted(list: readonly string[], compare: Compare): boolean {
  return list.every((member, at) => {
    const before = list[at - 1];
    return before === undefined || compare(before, member) <= 0;
  });
}

function sortedPlace(placed: readonly string[], member: string, compare: Compare): number {
  const place = placed.findIndex((other) => compare(other, member) > 0);
  return place < 0 ? placed.length : place;
}

/** After the nearest of those before it, and after what the other side put there alone. */
function placeAfter(
  placed: readonly string[],
  before: readonly string[],
  own: ReadonlySet<string>,
): number {
  const nearest = before.findLast((member) => placed.includes(member));
  let place = nearest === undefined ? 0 : placed.indexOf(nearest) + 1;
  for (let next = placed[place]; next !== undefined && !own.has(next); next = placed[place])
    place += 1;
  return place;
}
