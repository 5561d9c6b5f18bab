import { atLeast, atMost, type Goal, type Row, rounded } from "../report.ts";
import { COPIES } from "./measure-copies.ts";
import type { OneAndEight } from "./measure-eight.ts";
import { RUNS } from "./measure-runs.ts";
import { SHADOW_RUNS } from "./measure-shadow-runs.ts";
import { WORKTREES } from "./measure-worktrees.ts";
import type { Samples } from "./samples.ts";

/** All that was measured, small repository first. */
export interface Measured {
  readonly samples: Samples;
  readonly subjects: readonly { readonly files: number }[];
  /** Those that a goal is for. */
  readonly eights: readonly OneAndEight[];
}

const MOST_GROWTH = 1.3;
const LEAST_SPEED_UP = 50;
const MOST_OVER_EXEC = 1.15;
const MOST_BEYOND_READING_MS = 10;
const MOST_COMMIT_MS = 100;
const MOST_OVER_READ_TREE = 1.2;
const MOST_OVER_NATIVE = 1.3;
const MOST_SHADOW_RUN_S = 5;
const MOST_OF_EIGHT = 1.1;

/** What should hold, with what came of it. Those of copies are of the large repository. */
export function goalsOf({ samples, subjects, eights }: Measured): Goal[] {
  const [small, large] = [subjects.at(0)?.files ?? 0, subjects.at(-1)?.files ?? 0];
  const ratio = (what: string, to: string, files: number) =>
    samples.median({ what, files }) / samples.median({ what: to, files });
  const growth =
    samples.median({ what: RUNS.mirror, files: large }) /
    samples.median({ what: RUNS.mirror, files: small });
  return [
    atMost(`mirror of ${large} files against one of ${small}`, growth, MOST_GROWTH),
    atLeast(
      `mirror against cp -a, ${large} files`,
      ratio(COPIES.copy, RUNS.mirror, large),
      LEAST_SPEED_UP,
    ),
    atLeast(
      `mirror + first command in a warm slot against cp -a + native, ${large} files`,
      ratio(COPIES.copyAndRun, RUNS.slotFirst, large),
      LEAST_SPEED_UP,
    ),
    ...[small, large].flatMap((files) => ofSize({ samples, ratio }, files)),
    ...eights.flatMap(ofEight),
  ];
}

interface Figures {
  readonly samples: Samples;
  readonly ratio: (what: string, to: string, files: number) => number;
}

function ofSize({ samples, ratio }: Figures, files: number): Goal[] {
  const median = (what: string) => samples.median({ what, files });
  const at = (what: string) => `${what}, ${files} files`;
  const beyond = (what: string) => median(what) - median(RUNS.reading);
  return [
    atMost(
      at("command in a warm slot against docker exec"),
      ratio(RUNS.slotCommand, RUNS.raw, files),
      MOST_OVER_EXEC,
    ),
    atMost(
      at("ms of a change set of 10 modified files beyond reading them"),
      beyond(RUNS.modified),
      MOST_BEYOND_READING_MS,
    ),
    atMost(
      at("ms of a change set of 8 modified and 2 new files beyond reading them"),
      beyond(RUNS.mixed),
      MOST_BEYOND_READING_MS,
    ),
    atMost(at("ms of the commit of 10 files"), median(RUNS.commit), MOST_COMMIT_MS),
    atMost(
      at("worktree update against git read-tree -m -u"),
      ratio(WORKTREES.update, WORKTREES.plain, files),
      MOST_OVER_READ_TREE,
    ),
    atMost(
      at("whole shadow run of a 1 s test against native"),
      ratio(SHADOW_RUNS.slot, SHADOW_RUNS.native, files),
      MOST_OVER_NATIVE,
    ),
    atMost(at("s of that shadow run"), median(SHADOW_RUNS.slot) / 1000, MOST_SHADOW_RUN_S),
  ];
}

function ofEight({ files, one, eight }: OneAndEight): Goal[] {
  const changes = eight.disk - one.disk;
  return [
    atMost(
      `memory of 8 mirrors against one and the changes, ${files} files`,
      eight.memory / (one.memory + changes),
      MOST_OF_EIGHT,
    ),
    atMost(`disk of 8 mirrors against one, ${files} files`, eight.disk / one.disk, MOST_OF_EIGHT),
  ];
}

/** What mirrors take of the machine, as lines of the table. */
export function eightRows({ files, one, eight }: OneAndEight): Row[] {
  const rows = [
    { what: "one mirror, every file read", taken: one },
    { what: "8 mirrors, 10 files edited in each", taken: eight },
  ];
  return rows.map(({ what, taken }) => ({
    what,
    files,
    "memory MB": rounded(taken.memory),
    "processes MB": rounded(taken.processes),
    "disk MB": rounded(taken.disk),
  }));
}
