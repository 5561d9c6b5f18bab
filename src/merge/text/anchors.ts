import type { Comparison, Region } from "./region.ts";

/** A pair of equal items, one of each sequence. */
export type Anchor = readonly [number, number];

/** Items that stand once on each side of the region, as far as their order agrees: what people orient by. */
export function anchorsIn({ a, b }: Comparison, region: Region): readonly Anchor[] {
  const inA = onceIn(a, region.aStart, region.aEnd);
  const inB = onceIn(b, region.bStart, region.bEnd);
  const pairs: Anchor[] = [];
  for (const [item, at] of inA) {
    const other = inB.get(item);
    if (at >= 0 && other !== undefined && other >= 0) pairs.push([at, other]);
  }
  pairs.sort(([left], [right]) => left - right);
  return longestRising(pairs);
}

/** Where each item stands; -1 for those that stand more than once. */
function onceIn(items: Int32Array, start: number, end: number): Map<number, number> {
  const found = new Map<number, number>();
  for (let at = start; at < end; at += 1) {
    const item = items[at] ?? 0;
    found.set(item, found.has(item) ? -1 : at);
  }
  return found;
}

interface Link {
  readonly anchor: Anchor;
  readonly before: Link | undefined;
}

function longestRising(pairs: readonly Anchor[]): readonly Anchor[] {
  const tails: Link[] = [];
  for (const anchor of pairs) {
    const at = firstNotBelow(tails, anchor[1]);
    tails[at] = { anchor, before: at > 0 ? tails[at - 1] : undefined };
  }
  const chain: Anchor[] = [];
  for (let link = tails.at(-1); link !== undefined; link = link.before) chain.push(link.anchor);
  return chain.reverse();
}

function firstNotBelow(tails: readonly Link[], value: number): number {
  let low = 0;
  let high = tails.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((tails[middle]?.anchor[1] ?? value) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
