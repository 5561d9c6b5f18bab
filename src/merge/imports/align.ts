import { boundBy, type Import, meanTheSame } from "./import.ts";

/** Pairs of places: a statement of one run and what became of it in another. */
export type Pairs = ReadonlyMap<number, number>;

type Likeness = (one: Import, other: Import) => number;

/** What is the same before what has the same source, and that before what brings the same names. */
const ways: readonly Likeness[] = [
  (one, other) => (meanTheSame(one, other) ? 1 : 0),
  (one, other) =>
    one.from === other.from && one.form === other.form ? 1 + overlap(one, other) : 0,
  (one, other) => (one.from === other.from ? 0.1 + overlap(one, other) : 0),
  (one, other) => (overlap(one, other) >= 0.5 ? overlap(one, other) : 0),
];

/** Finds each statement of `from` in `to`; each is taken once. */
export function align(from: readonly Import[], to: readonly Import[]): Pairs {
  const pairs = new Map<number, number>();
  const taken = new Set<number>();
  for (const likeness of ways) {
    const found = from.flatMap((one, at) =>
      to.map((other, place) => ({ at, place, like: likeness(one, other) })),
    );
    const best = found.filter(({ like }) => like > 0).toSorted((a, b) => b.like - a.like);
    for (const { at, place } of best) {
      if (pairs.has(at) || taken.has(place)) continue;
      pairs.set(at, place);
      taken.add(place);
    }
  }
  return pairs;
}

/** How much of what either binds is bound by both, from 0 to 1. */
function overlap(one: Import, other: Import): number {
  const bound = new Set(boundBy(other));
  const mine = boundBy(one);
  const common = mine.filter((name) => bound.has(name)).length;
  const fewest = Math.min(mine.length, bound.size);
  return fewest === 0 ? 0 : common / fewest;
}
