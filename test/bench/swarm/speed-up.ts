import { atLeast, atMost, type Report, type Row, rounded } from "../report.ts";
import type { Workshop } from "../workshop.ts";
import { createItemClock } from "./item-clock.ts";
import { recordedSwarm } from "./recorded-swarm.ts";

interface Options {
  readonly quick: boolean;
  readonly say: (line: string) => void;
}

/** Of one task. */
const ITEMS = 16;
const WORKERS = [1, 2, 4, 8];
const LEAST: ReadonlyMap<number, number> = new Map([
  [4, 3.4],
  [8, 6],
]);
const MOST_OVERHEAD_MS = 50;
const QUICK = { items: 4, workers: [1, 4], latencyMs: 500 };

/** The same plan with one worker and with more, and what lies between two items. */
export async function measureSpeedUp(workshop: Workshop, { quick, say }: Options): Promise<Report> {
  const items = quick ? QUICK.items : ITEMS;
  const swarm = recordedSwarm(items, quick ? QUICK.latencyMs : undefined);
  // What the first run pays for all others would make one worker look slow.
  await workshop.run({ ...recordedSwarm(1, 0), workers: 1 });
  const rows: Row[] = [];
  const speedUps = new Map<number, number>();
  let alone = 0;
  let between = 0;
  for (const workers of quick ? QUICK.workers : WORKERS) {
    const clock = createItemClock();
    const seconds = (await workshop.run({ ...swarm, workers, tell: clock.tell })).get("work");
    if (seconds === undefined) throw new Error("The task had no stage of work.");
    if (workers === 1) {
      alone = seconds;
      between = ((seconds - clock.seconds()) * 1_000) / items;
    }
    speedUps.set(workers, alone / seconds);
    rows.push({
      items,
      workers,
      "work s": rounded(seconds),
      "model s": rounded(swarm.modelMs / 1_000),
      "speed-up": rounded(alone / seconds),
      "speed-up of the waits alone": rounded(swarm.modelMs / spanOf(swarm.itemMs, workers)),
      "rest of an item s": rounded((clock.seconds() - swarm.modelMs / 1_000) / items),
    });
    say(`${items} items, ${workers} workers: ${rounded(seconds)} s`);
  }
  const goals = [...LEAST].flatMap(([workers, least]) => {
    const speedUp = speedUps.get(workers);
    return speedUp === undefined || quick
      ? []
      : [atLeast(`speed-up of ${workers} workers`, speedUp, least)];
  });
  return { rows, goals: [...goals, atMost("ms between two items", between, MOST_OVERHEAD_MS)] };
}

/** How long the waits alone take where whoever is free takes the next item. */
function spanOf(itemMs: readonly number[], workers: number): number {
  const free = Array.from({ length: workers }, () => 0);
  for (const ms of itemMs) {
    const next = free.indexOf(Math.min(...free));
    free[next] = (free[next] ?? 0) + ms;
  }
  return Math.max(...free);
}
