import { runItems } from "../../../src/swarm/scheduler.ts";
import { atMost, type Report, rounded } from "../report.ts";

/** As many as a plan may have, each fourth one after the three before it. */
const ITEMS = 20;
const PLANS = 200;
const LIMIT = 4;
const MOST_MS = 50;

/** What the scheduler itself takes for an item: of plans whose items do nothing but wait a turn. */
export async function measureScheduling(): Promise<Report> {
  const items = Array.from({ length: ITEMS }, (_, at) => ({
    id: `i${at}`,
    dependsOn: at % 4 === 3 ? [`i${at - 3}`, `i${at - 2}`, `i${at - 1}`] : [],
  }));
  const begun = performance.now();
  for (let plan = 0; plan < PLANS; plan++) {
    const { results } = await runItems({
      items,
      limit: LIMIT,
      signal: new AbortController().signal,
      run: () => new Promise<void>((resolve) => setImmediate(resolve)),
    });
    if (results.size !== ITEMS) throw new Error("Not every item was run.");
  }
  const ms = (performance.now() - begun) / (PLANS * ITEMS);
  const row = { plans: PLANS, items: ITEMS, workers: LIMIT, "ms an item": rounded(ms) };
  return { rows: [row], goals: [atMost("ms of the scheduler alone for an item", ms, MOST_MS)] };
}
