import { type Comparison, markAll, type Region, trimmed } from "./region.ts";

// Beyond this many edits a split is taken where the search has come furthest: the cost stays linear in the
// length, and what is lost is only that the diff is not the shortest one.
const searchBound = 256;
const unreached = -1;
const beyond = 0x7fffffff;

/** Room for the search that all regions of one comparison share. */
export interface Frontier {
  readonly forward: Int32Array;
  readonly backward: Int32Array;
  /** Added to a diagonal, so that it is an index. */
  readonly zero: number;
}

/** Room for searches within two sequences. */
export function createFrontier({ a, b }: Comparison): Frontier {
  const size = a.length + b.length + 3;
  return {
    forward: new Int32Array(size),
    backward: new Int32Array(size),
    zero: b.length + 1,
  };
}

/** Marks what has no partner, by Myers' linear-space search; work is bounded by the length times a constant. */
export function markByMyers(comparison: Comparison, region: Region, frontier: Frontier): void {
  const open = [region];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const rest = trimmed(comparison, next);
    if (rest.aStart === rest.aEnd || rest.bStart === rest.bEnd) {
      markAll(comparison, rest);
      continue;
    }
    const [x, y] = middleOf(comparison, rest, frontier);
    open.push({ ...rest, aEnd: x, bEnd: y }, { ...rest, aStart: x, bStart: y });
  }
}

interface Search {
  readonly comparison: Comparison;
  readonly region: Region;
  readonly frontier: Frontier;
  readonly lowest: number;
  readonly highest: number;
  readonly odd: boolean;
  /** Diagonals reached so far, in either direction. */
  readonly ahead: Span;
  readonly behind: Span;
}

interface Span {
  low: number;
  high: number;
}

type Point = readonly [number, number];

function middleOf(comparison: Comparison, region: Region, frontier: Frontier): Point {
  const start = region.aStart - region.bStart;
  const end = region.aEnd - region.bEnd;
  const search: Search = {
    comparison,
    region,
    frontier,
    lowest: region.aStart - region.bEnd,
    highest: region.aEnd - region.bStart,
    odd: (start - end) % 2 !== 0,
    ahead: { low: start, high: start },
    behind: { low: end, high: end },
  };
  frontier.forward[frontier.zero + start] = region.aStart;
  frontier.backward[frontier.zero + end] = region.aEnd;
  for (let cost = 1; cost < searchBound; cost += 1) {
    const met = stepForward(search) ?? stepBackward(search);
    if (met !== undefined) return met;
  }
  return furthest(search);
}

function widen(span: Span, search: Search, edge: (diagonal: number) => void): void {
  if (span.low > search.lowest) {
    span.low -= 1;
    edge(span.low - 1);
  } else span.low += 1;
  if (span.high < search.highest) {
    span.high += 1;
    edge(span.high + 1);
  } else span.high -= 1;
}

function stepForward(search: Search): Point | undefined {
  const { forward, backward, zero } = search.frontier;
  const { ahead, behind, odd } = search;
  widen(ahead, search, (diagonal) => {
    forward[zero + diagonal] = unreached;
  });
  for (let diagonal = ahead.high; diagonal >= ahead.low; diagonal -= 2) {
    const at = zero + diagonal;
    const x = runForward(
      search,
      diagonal,
      Math.max(at0(forward, at - 1) + 1, at0(forward, at + 1)),
    );
    forward[at] = x;
    const facing = odd && diagonal >= behind.low && diagonal <= behind.high;
    if (facing && at0(backward, at) <= x) return [x, x - diagonal];
  }
  return undefined;
}

function stepBackward(search: Search): Point | undefined {
  const { forward, backward, zero } = search.frontier;
  const { ahead, behind, odd } = search;
  widen(behind, search, (diagonal) => {
    backward[zero + diagonal] = beyond;
  });
  for (let diagonal = behind.high; diagonal >= behind.low; diagonal -= 2) {
    const at = zero + diagonal;
    const from = Math.min(at0(backward, at - 1), at0(backward, at + 1) - 1);
    const x = runBackward(search, diagonal, from);
    backward[at] = x;
    const facing = !odd && diagonal >= ahead.low && diagonal <= ahead.high;
    if (facing && x <= at0(forward, at)) return [x, x - diagonal];
  }
  return undefined;
}

function runForward({ comparison, region }: Search, diagonal: number, from: number): number {
  const { a, b } = comparison;
  let x = from;
  while (x < region.aEnd && x - diagonal < region.bEnd && a[x] === b[x - diagonal]) x += 1;
  return x;
}

function runBackward({ comparison, region }: Search, diagonal: number, from: number): number {
  const { a, b } = comparison;
  let x = from;
  while (x > region.aStart && x - diagonal > region.bStart && a[x - 1] === b[x - 1 - diagonal]) {
    x -= 1;
  }
  return x;
}

function furthest(search: Search): Point {
  const { region, frontier, ahead, behind } = search;
  let best: Point = [region.aStart, region.bStart];
  for (let diagonal = ahead.high; diagonal >= ahead.low; diagonal -= 2) {
    const reached = at0(frontier.forward, frontier.zero + diagonal);
    const x = Math.min(reached, region.aEnd, region.bEnd + diagonal);
    if (x + x - diagonal > best[0] + best[1]) best = [x, x - diagonal];
  }
  let other: Point = [region.aEnd, region.bEnd];
  for (let diagonal = behind.high; diagonal >= behind.low; diagonal -= 2) {
    const reached = at0(frontier.backward, frontier.zero + diagonal);
    const x = Math.max(reached, region.aStart, region.bStart + diagonal);
    if (x + x - diagonal < other[0] + other[1]) other = [x, x - diagonal];
  }
  const gained = best[0] + best[1] - region.aStart - region.bStart;
  const gainedBehind = region.aEnd + region.bEnd - other[0] - other[1];
  return gained >= gainedBehind ? best : other;
}

/** Typed arrays give a number at every index within; the fallback is never used. */
function at0(items: Int32Array, at: number): number {
  return items[at] ?? 0;
}
