import { type Row, rounded } from "../report.ts";
import type { Verdict } from "./judge.ts";

/** What one merger did with the files of one repository. */
export interface Tally {
  readonly name: string;
  add(ms: number, verdict: Verdict | undefined): void;
  readonly figures: () => Figures;
}

/** In percent: `clean` of the files, the others of the clean ones. */
interface Figures {
  readonly files: number;
  readonly clean: number;
  readonly exact: number;
  readonly alike: number;
  readonly wrong: number;
  /** Files with a lost line, and with one that came back. */
  readonly lost: number;
  readonly back: number;
  /** Both together, in percent of the clean files. */
  readonly faulty: number;
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}

/** Counts for one merger. */
export function createTally(name: string): Tally {
  const times: number[] = [];
  const verdicts: Verdict[] = [];
  return {
    name,
    add(ms, verdict) {
      times.push(ms);
      if (verdict) verdicts.push(verdict);
    },
    figures() {
      const share = (kinds: readonly Verdict["kind"][]) =>
        percent(verdicts.filter(({ kind }) => kinds.includes(kind)).length, verdicts.length);
      const lost = verdicts.filter((verdict) => verdict.lost.length > 0).length;
      const back = verdicts.filter((verdict) => verdict.back.length > 0).length;
      const sorted = times.toSorted((a, b) => a - b);
      const quantile = (share: number) =>
        sorted[Math.floor(share * sorted.length)] ?? sorted.at(-1) ?? 0;
      return {
        files: times.length,
        clean: percent(verdicts.length, times.length),
        exact: share(["exact"]),
        alike: share(["exact", "alike"]),
        wrong: share(["different"]),
        lost,
        back,
        faulty: percent(lost + back, verdicts.length),
        p50: quantile(0.5),
        p95: quantile(0.95),
        max: quantile(1),
      };
    },
  };
}

/** One line of the table. */
export function rowOf(repository: string, of: string, tally: Tally): Row {
  const { files, clean, exact, alike, wrong, lost, back, p50, p95, max } = tally.figures();
  return {
    repository,
    of,
    merger: tally.name,
    files,
    "clean %": tenth(clean),
    "exact %": tenth(exact),
    "alike %": tenth(alike),
    "wrong %": tenth(wrong),
    lost,
    back,
    "p50 ms": rounded(p50),
    "p95 ms": rounded(p95),
    "max ms": rounded(max),
  };
}

/** One decimal. */
export function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}

function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : (100 * part) / whole;
}
