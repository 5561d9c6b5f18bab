import { type Row, rounded } from "../report.ts";

/** What was measured, and on a repository of how many files. */
interface Measure {
  readonly what: string;
  readonly files: number;
}

/** Times of what is done again and again, in milliseconds. */
export interface Samples {
  add(measure: Measure, ms: number): void;
  /** Runs the work and keeps how long it took, unless it throws. */
  time<T>(measure: Measure, work: () => Promise<T>): Promise<T>;
  /** Throws where nothing was measured. */
  median(measure: Measure): number;
  /** One line for each measure, in the order in which they came. */
  rows(): Row[];
}

/** Keeps samples. */
export function keepSamples(): Samples {
  const kept = new Map<string, { readonly measure: Measure; readonly times: number[] }>();

  function add(measure: Measure, ms: number): void {
    const key = keyOf(measure);
    const times = kept.get(key)?.times ?? [];
    times.push(ms);
    kept.set(key, { measure, times });
  }

  return {
    add,
    async time(measure, work) {
      const begun = performance.now();
      const result = await work();
      add(measure, performance.now() - begun);
      return result;
    },
    median(measure) {
      const { times } = kept.get(keyOf(measure)) ?? { times: [] };
      if (times.length === 0) throw new Error(`Nothing was measured of: ${measure.what}`);
      return medianOf(times);
    },
    rows: () => [...kept.values()].map(({ measure, times }) => rowOf(measure, times)),
  };
}

function keyOf({ what, files }: Measure): string {
  return `${files} ${what}`;
}

function rowOf({ what, files }: Measure, times: readonly number[]): Row {
  return {
    what,
    files,
    n: times.length,
    "median ms": rounded(medianOf(times)),
    "min ms": rounded(Math.min(...times)),
    "max ms": rounded(Math.max(...times)),
  };
}

function medianOf(times: readonly number[]): number {
  const sorted = [...times].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}
