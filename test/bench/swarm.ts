import { answering, answersRepository } from "../e2e/answers.ts";
import { atMost, type Bench, type Report, type Row, rounded } from "./report.ts";
import { openWorkshop } from "./workshop.ts";

/** Enough for the widest row. */
const NAMES = ["a", "b", "c", "d", "e", "f", "g", "h"];
const MOST_RATIO = 1.4;

interface Size {
  readonly items: number;
  readonly workers: number;
}

const SIZES: readonly Size[] = [
  { items: 4, workers: 1 },
  { items: 4, workers: 2 },
  { items: 4, workers: 4 },
  { items: 8, workers: 8 },
];
/** The size the goal is for. */
const GOAL = { items: 4, workers: 4 };
const QUICK_SIZES: readonly Size[] = [GOAL];

/** How much faster independent work items are done side by side than one after another. */
export const swarm: Bench = {
  async run({ quick, say }): Promise<Report> {
    const delayMs = quick ? 1000 : 2000;
    const sizes = quick ? QUICK_SIZES : SIZES;
    await using workshop = await openWorkshop();
    const workStage = async (names: readonly string[], workers: number) => {
      const files = answersRepository(names);
      const job = { files, script: answering({ names, delayMs }), workers };
      const seconds = (await workshop.run(job)).get("work");
      if (seconds === undefined) throw new Error("The task had no stage of work.");
      return seconds;
    };

    const most = Math.max(...sizes.map(({ items }) => items));
    // What the first run pays for all others would make the single items look slow.
    await workStage(NAMES.slice(0, 1), 1);
    const alone: number[] = [];
    for (const name of NAMES.slice(0, most)) {
      alone.push(await workStage([name], 1));
      say(`item ${name} alone: ${rounded(alone.at(-1) ?? 0)} s`);
    }
    const measured: { size: Size; row: Row; ratio: number }[] = [];
    for (const size of sizes) {
      const wall = await workStage(NAMES.slice(0, size.items), size.workers);
      measured.push({ size, ...compared(size, wall, alone.slice(0, size.items)) });
      say(`${size.items} items, ${size.workers} workers: ${rounded(wall)} s`);
    }
    const rows = measured.map(({ row }) => row);
    const atGoal = measured.find(({ size }) => isGoal(size));
    const name = "4 workers on 4 items, against the longest single item";
    return { rows, goals: atGoal ? [atMost(name, atGoal.ratio, MOST_RATIO)] : [] };
  },
};

function isGoal({ items, workers }: Size): boolean {
  return items === GOAL.items && workers === GOAL.workers;
}

function compared({ items, workers }: Size, wall: number, alone: readonly number[]) {
  const sum = alone.reduce((total, seconds) => total + seconds, 0);
  const longest = Math.max(...alone);
  const ratio = wall / longest;
  const row = {
    items,
    workers,
    "work s": rounded(wall),
    "one by one s": rounded(sum),
    "speed-up": rounded(sum / wall),
    "longest single s": rounded(longest),
    "ratio to longest": rounded(ratio),
  };
  return { row, ratio };
}
