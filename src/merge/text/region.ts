/** A stretch of two sequences, ends exclusive. */
export interface Region {
  readonly aStart: number;
  readonly aEnd: number;
  readonly bStart: number;
  readonly bEnd: number;
}

/** Two sequences of interned items, and which items have no partner on the other side. */
export interface Comparison {
  readonly a: Int32Array;
  readonly b: Int32Array;
  readonly aChanged: Uint8Array;
  readonly bChanged: Uint8Array;
}

/** The region without what both sequences share at its start and at its end. */
export function trimmed({ a, b }: Comparison, region: Region): Region {
  let { aStart, aEnd, bStart, bEnd } = region;
  while (aStart < aEnd && bStart < bEnd && a[aStart] === b[bStart]) {
    aStart += 1;
    bStart += 1;
  }
  while (aStart < aEnd && bStart < bEnd && a[aEnd - 1] === b[bEnd - 1]) {
    aEnd -= 1;
    bEnd -= 1;
  }
  return { aStart, aEnd, bStart, bEnd };
}

/** Notes that nothing in the region has a partner. */
export function markAll(comparison: Comparison, region: Region): void {
  comparison.aChanged.fill(1, region.aStart, region.aEnd);
  comparison.bChanged.fill(1, region.bStart, region.bEnd);
}
