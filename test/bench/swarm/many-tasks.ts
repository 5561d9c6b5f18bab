import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createFairSlots } from "../../../src/core/fair-slots.ts";
import { atMost, type Report, type Row, rounded } from "../report.ts";
import type { Workshop } from "../workshop.ts";
import { recordedSwarm } from "./recorded-swarm.ts";

interface Options {
  readonly quick: boolean;
  readonly tasksAtOnce: number;
  readonly say: (line: string) => void;
}

const TASKS = 100;
const QUICK_TASKS = 6;
const ITEMS = 4;
const LATENCY_MS = 50;
/** Agents of all tasks, as one machine shares them. */
const PLACES = 8;
/** Times at which memory is looked at, evenly over the tasks. */
const LOOKS = 12;
const MOST_GROWTH = 1.1;

interface Look {
  readonly tasks: number;
  readonly heapMb: number;
  readonly rssMb: number;
}

/** Many tasks, some at once: that each ends in a proposal, and that memory does not grow with them. */
export async function measureManyTasks(workshop: Workshop, options: Options): Promise<Report> {
  const tasks = options.quick ? QUICK_TASKS : TASKS;
  const swarm = recordedSwarm(ITEMS, LATENCY_MS);
  const slots = createFairSlots(PLACES);
  const collect = garbageCollector();
  const looks: Look[] = [];
  const errors: unknown[] = [];
  const every = Math.max(1, Math.floor(tasks / LOOKS));
  let next = 0;
  let ended = 0;
  const worker = async () => {
    while (next < tasks) {
      next += 1;
      await workshop.run({ ...swarm, workers: ITEMS, slots }).catch((error) => errors.push(error));
      ended += 1;
      if (ended % every !== 0) continue;
      looks.push({ tasks: ended, ...memoryNow(collect) });
      options.say(`${ended} tasks: ${rounded(looks.at(-1)?.heapMb ?? 0)} MB heap`);
    }
  };
  const begun = performance.now();
  await Promise.all(Array.from({ length: options.tasksAtOnce }, worker));
  const seconds = (performance.now() - begun) / 1_000;
  for (const error of errors) options.say(String(error));
  return reportOf({ looks, tasks, seconds, errors: errors.length, ...options });
}

interface Found extends Pick<Options, "quick" | "tasksAtOnce"> {
  readonly looks: readonly Look[];
  readonly tasks: number;
  readonly seconds: number;
  readonly errors: number;
}

function reportOf({ looks, tasks, seconds, errors, quick, tasksAtOnce }: Found): Report {
  const third = Math.max(1, Math.floor(looks.length / 3));
  const [first, last] = [looks.slice(0, third), looks.slice(-third)];
  const growth = (of: "heapMb" | "rssMb") => median(last, of) / median(first, of);
  const row: Row = {
    tasks,
    "tasks at once": tasksAtOnce,
    items: ITEMS,
    s: rounded(seconds),
    "s a task": rounded(seconds / tasks),
    errors,
    "heap MB, first third": rounded(median(first, "heapMb")),
    "heap MB, last third": rounded(median(last, "heapMb")),
    "RSS MB, first third": rounded(median(first, "rssMb")),
    "RSS MB, last third": rounded(median(last, "rssMb")),
  };
  const goals = [atMost("tasks that ended otherwise than proposed", errors, 0)];
  // A few tasks say nothing of what stays.
  if (quick) return { rows: [row], goals };
  const heap = atMost("heap, last third to first", growth("heapMb"), MOST_GROWTH);
  return { rows: [row], goals: [...goals, heap] };
}

function memoryNow(collect: () => void): Pick<Look, "heapMb" | "rssMb"> {
  collect();
  const { heapUsed, external, rss } = process.memoryUsage();
  const mb = 1024 * 1024;
  return { heapMb: (heapUsed + external) / mb, rssMb: rss / mb };
}

/** The engine's own, also where Node.js was started without it. */
function garbageCollector(): () => void {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void; // what the flag is for
}

function median(looks: readonly Look[], of: "heapMb" | "rssMb"): number {
  const sorted = looks.map((look) => look[of]).toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
