import { boundBy, type Import } from "./import.ts";

/** Pairs of places: a statement of one run and what became of it in another. */
export type Pairs = ReadonlyMap<number, number>;

/** One way of knowing a statement again: by what it is looked up, and how much of it must then be alike. */
interface Way {
  keysOf(one: Import): readonly string[];
  readonly least: number;
}

/** What is the same before what has the same source, and that before what brings the same names. */
const ways: readonly Way[] = [
  {
    keysOf: ({ form, from, names }) => [keyOf(form, from, ...names.map(({ text }) => text).sort())],
    least: 0,
  },
  { keysOf: ({ form, from }) => [keyOf(form, from)], least: 0 },
  { keysOf: ({ from }) => [from], least: 0 },
  { keysOf: boundBy, least: 0.5 },
];

/** Where more share what they are looked up by, nothing is known by it. */
const MOST_ALIKE = 200;

function keyOf(...parts: readonly string[]): string {
  return JSON.stringify(parts);
}

/** Finds each statement of `from` in `to`; each is taken once. */
export function align(from: readonly Import[], to: readonly Import[]): Pairs {
  const pairs = new Map<number, number>();
  const taken = new Set<number>();
  for (const { keysOf, least } of ways) {
    const places = placesByKey(to, keysOf, taken);
    const found = from.flatMap((one, at) => {
      const near = pairs.has(at) ? [] : keysOf(one).flatMap((key) => places.get(key) ?? []);
      return near.map((place) => ({ at, place, like: overlap(one, to[place]) }));
    });
    for (const { at, place, like } of found.toSorted((a, b) => b.like - a.like)) {
      if (like < least || pairs.has(at) || taken.has(place)) continue;
      pairs.set(at, place);
      taken.add(place);
    }
  }
  return pairs;
}

function placesByKey(
  imports: readonly Import[],
  keysOf: Way["keysOf"],
  taken: ReadonlySet<number>,
): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>();
  for (const [place, one] of imports.entries()) {
    if (taken.has(place)) continue;
    for (const key of keysOf(one)) {
      const known = places.get(key) ?? [];
      if (known.length < MOST_ALIKE) known.push(place);
      places.set(key, known);
    }
  }
  return places;
}

/** How much of what either binds is bound by both, from 0 to 1. */
function overlap(one: Import, other: Import | undefined): number {
  const bound = new Set(other ? boundBy(other) : []);
  const mine = boundBy(one);
  const common = mine.filter((name) => bound.has(name)).length;
  const fewest = Math.min(mine.length, bound.size);
  return fewest === 0 ? 0 : common / fewest;
}
