/**
 * Moves each run of changed items that could as well stand further down to its last place, as git does, so that
 * two diffs of one base place the same edit at the same place. Runs that have a changed partner stay.
 */
export function slideDown(items: Int32Array, changed: Uint8Array, otherChanged: Uint8Array): void {
  let at = 0;
  let other = 0;
  while (at < items.length) {
    const paired = otherChanged[other] === 1;
    while (otherChanged[other] === 1) other += 1;
    if (changed[at] !== 1) {
      at += 1;
      other += 1;
      continue;
    }
    let end = runEnd(changed, at);
    let start = at;
    while (!paired && canSlide({ items, otherChanged, start, end, other })) {
      changed[start] = 0;
      changed[end] = 1;
      start += 1;
      other += 1;
      end = runEnd(changed, end);
    }
    at = end;
  }
}

interface Run {
  readonly items: Int32Array;
  readonly otherChanged: Uint8Array;
  readonly start: number;
  readonly end: number;
  /** Where the run stands in the other sequence. */
  readonly other: number;
}

function canSlide({ items, otherChanged, start, end, other }: Run): boolean {
  return end < items.length && items[start] === items[end] && otherChanged[other + 1] !== 1;
}

function runEnd(changed: Uint8Array, start: number): number {
  let end = start;
  while (changed[end] === 1) end += 1;
  return end;
}
