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
  const isPlaced = new Set(placed);
  const own = new Set(second);
  const order = orders.find((compare) =>
    [first, second].every((list) => list.length >= FEWEST && isSorted(list, compare)),
  );
  for (const [at, member] of second.entries()) {
    if (isPlaced.has(member) || !kept.has(member)) continue;
    const nearest = second.slice(0, at).findLast((other) => isPlaced.has(other));
    const place = order ? sortedPlace(placed, member, order) : placeAfter(placed, nearest, own);
    placed.splice(place, 0, member);
    isPlaced.add(member);
  }
  return placed;
}

function isReordered(base: readonly string[], side: readonly string[]): boolean {
  const [known, kept] = [new Set(base), new Set(side)];
  const inSide = side.filter((member) => known.has(member));
  const inBase = base.filter((member) => kept.has(member));
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
  nearest: string | undefined,
  own: ReadonlySet<string>,
): number {
  let place = nearest === undefined ? 0 : placed.indexOf(nearest) + 1;
  for (let next = placed[place]; next !== undefined && !own.has(next); next = placed[place])
    place += 1;
  return place;
}
