import { atLeast, atMost, type Goal, rounded } from "../report.ts";
import type { Tally } from "./tally.ts";

const LEAST_EXACT = 65;
const MOST_FAULTY = 2;
const MOST_P95_MS = 300;
const MOST_LONG_MS = 2000;

/** Files that mergiraf leaves without a conflict, in percent, where it was measured before. */
const MERGIRAF_CLEAN: readonly {
  readonly name: RegExp;
  readonly of: "all" | "code";
  readonly clean: number;
}[] = [
  { name: /\bprettier$/, of: "all", clean: 32.1 },
  { name: /\bprometheus$/, of: "code", clean: 41.9 },
  { name: /\bpytest$/, of: "code", clean: 42.6 },
  { name: /\bflask$/, of: "code", clean: 31.8 },
  { name: /\bcargo$/, of: "code", clean: 50 },
];

/** The tallies of one repository, over all its files or over code alone. */
export interface Tallied {
  readonly repository: string;
  readonly of: "all" | "code";
  readonly nexus: Tally;
  /** In the same run, where it is there. */
  readonly mergiraf: Tally | undefined;
}

/** What should hold for one repository. */
export function goalsOf({ repository, of, nexus, mergiraf }: Tallied): Goal[] {
  const { files, clean, exact, faulty, p95 } = nexus.figures();
  if (files === 0) return [];
  const name = (what: string) => `${repository}, ${of}: ${what}`;
  const known = MERGIRAF_CLEAN.find((one) => one.of === of && one.name.test(repository));
  const rival = mergiraf?.figures().clean ?? known?.clean;
  const beside =
    rival === undefined ? [] : [atLeast(name("% clean, as mergiraf"), clean, rounded(rival))];
  if (of === "code") return beside;
  return [
    ...beside,
    atLeast(name("% of the clean exact"), exact, LEAST_EXACT),
    atMost(name("% of the clean with lost or returned lines"), faulty, MOST_FAULTY),
    atMost(name("p95 ms"), p95, MOST_P95_MS),
  ];
}

/** What should hold for a very long file. */
export function longFileGoal(ms: number): Goal {
  return atMost("ms of a file of 10,000 lines", ms, MOST_LONG_MS);
}
