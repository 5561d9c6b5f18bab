/** The places of a longest rising run of numbers: what is left there kept its order, the rest was moved. */
export function stablePlaces(numbers: readonly number[]): ReadonlySet<number> {
  const ends: number[] = [];
  const before: number[] = [];
  for (const [place, number] of numbers.entries()) {
    const at = firstNotBelow(ends, numbers, number);
    before[place] = at > 0 ? (ends[at - 1] ?? -1) : -1;
    ends[at] = place;
  }
  const kept = new Set<number>();
  for (let place = ends.at(-1) ?? -1; place >= 0; place = before[place] ?? -1) kept.add(place);
  return kept;
}

function firstNotBelow(
  ends: readonly number[],
  numbers: readonly number[],
  sought: number,
): number {
  let low = 0;
  let high = ends.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[ends[middle] ?? 0] ?? 0) < sought) low = middle + 1;
    else high = middle;
  }
  return low;
}
