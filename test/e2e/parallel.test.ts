import { afterAll, beforeAll, expect, it } from "vitest";
import type { Script } from "../world/model/script.ts";
import { answering, answersRepository } from "./answers.ts";
import { startWorld, type World } from "./world.ts";

const NAMES = ["a", "b", "c", "d"];
const DELAY_MS = 2000;
const MOST_RATIO = 1.4;

/** Plans an item for each file that the request names: `say yes in a b`. */
const asAsked: Script = (call) => {
  const named = /say yes in ((?:[a-d] ?)+)/.exec(call.agent.firstUserText)?.[1] ?? "";
  return answering({ names: named.trim().split(" "), delayMs: DELAY_MS })(call);
};

let world: World;
let runs = 0;
beforeAll(async () => {
  world = await startWorld({ script: asAsked });
});
afterAll(() => world[Symbol.asyncDispose]());

/** Runs one task to its pull request; how long its workers worked, by the record. */
async function workSeconds(names: readonly string[]): Promise<number> {
  runs += 1;
  const repo = await world.repository(`parallel-${runs}`, answersRepository(names));
  const { issue, deliveryId } = await world.ask(repo, `say yes in ${names.join(" ")}`);
  expect(await world.ended(repo, issue)).toContain("### Nexus: pull request");
  const [row] = await world.database.sql(
    `select count(*)::int as events, extract(epoch from max(at) - min(at))::float as seconds
     from nexus.events where task_id = $1 and name = 'stage' and data->>'stage' = 'work'`,
    [deliveryId],
  );
  expect(row?.events).toBe(2);
  return Number(row?.seconds);
}

it("four independent items take hardly longer than the longest of them alone", async () => {
  // What the first run pays for all others would make the single items look slow.
  await workSeconds(["a"]);
  const alone: number[] = [];
  for (const name of NAMES) alone.push(await workSeconds([name]));

  const together = await workSeconds(NAMES);

  // Two replies an item; a clock that shows less is broken.
  expect(Math.min(...alone)).toBeGreaterThan((2 * DELAY_MS) / 1000);
  expect(together / Math.max(...alone)).toBeLessThanOrEqual(MOST_RATIO);
});
