import { anchorsIn } from "./anchors.ts";
import { createFrontier, type Frontier, markByMyers } from "./myers.ts";
import { type Comparison, markAll, type Region, trimmed } from "./region.ts";
import { slideDown } from "./slide.ts";

/** Items `[baseStart, baseEnd)` of the base became items `[start, end)` of the other sequence. */
export interface Edit {
  readonly baseStart: number;
  readonly baseEnd: number;
  readonly start: number;
  readonly end: number;
}

// Each level reads its region once; deeper than this, Myers alone bounds the work.
const deepest = 16;

/**
 * What turned one sequence of interned items into the other, in order. Anchored on items that stand once, so that
 * the edits are as people see them; work grows about linearly with the length, whatever the sequences are.
 */
export function diff(base: Int32Array, other: Int32Array): readonly Edit[] {
  const comparison: Comparison = {
    a: base,
    b: other,
    aChanged: new Uint8Array(base.length),
    bChanged: new Uint8Array(other.length),
  };
  const whole = { aStart: 0, aEnd: base.length, bStart: 0, bEnd: other.length };
  mark({ comparison, frontier: createFrontier(comparison) }, whole, 0);
  slideDown(base, comparison.aChanged, comparison.bChanged);
  slideDown(other, comparison.bChanged, comparison.aChanged);
  return editsOf(comparison);
}

interface Work {
  readonly comparison: Comparison;
  readonly frontier: Frontier;
}

function mark(work: Work, region: Region, depth: number): void {
  const rest = trimmed(work.comparison, region);
  if (rest.aStart === rest.aEnd || rest.bStart === rest.bEnd) {
    markAll(work.comparison, rest);
    return;
  }
  const anchors = depth < deepest ? anchorsIn(work.comparison, rest) : [];
  if (anchors.length === 0) {
    markByMyers(work.comparison, rest, work.frontier);
    return;
  }
  let { aStart, bStart } = rest;
  for (const [aEnd, bEnd] of anchors) {
    mark(work, { aStart, aEnd, bStart, bEnd }, depth + 1);
    aStart = aEnd + 1;
    bStart = bEnd + 1;
  }
  mark(work, { ...rest, aStart, bStart }, depth + 1);
}

function editsOf({ aChanged, bChanged }: Comparison): Edit[] {
  const edits: Edit[] = [];
  let a = 0;
  let b = 0;
  while (a < aChanged.length || b < bChanged.length) {
    const from = { baseStart: a, start: b };
    while (aChanged[a] === 1) a += 1;
    while (bChanged[b] === 1) b += 1;
    if (a > from.baseStart || b > from.start) edits.push({ ...from, baseEnd: a, end: b });
    a += 1;
    b += 1;
  }
  return edits;
}
