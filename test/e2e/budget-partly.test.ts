import { expect, it } from "vitest";
import type { FreshDatabase } from "../world/database.ts";
import { answering, answersRepository } from "./answers.ts";
import { priced, reading } from "./priced.ts";
import { startWorld } from "./world.ts";

const NAMES = ["a", "b", "c"];
const BEFORE: Readonly<Record<string, readonly string[]>> = { b: ["a"], c: ["b"] };

/** What the book says of all calls. */
const inLedger = async (database: FreshDatabase) => {
  const [row] = await database.sql(`
    select coalesce(sum(billed), 0)::int as billed,
      count(*) filter (where state = 'reserved')::int as open from nexus.spendings`);
  const [total] = await database.sql(
    "select settled::int, reserved::int from nexus.budgets where scope = 'total'",
  );
  return { ...row, ...total };
};

it("a task that runs out of money proposes what is finished as a draft that says what is not done, and names what it cost", async () => {
  // A call is held with some 0.025 dollars here: after the first reply to item b there is no room for another.
  const script = reading(
    (item) => (item === "b" ? 20_000 : 1_000),
    answering({
      names: NAMES,
      dependsOn: (name) => BEFORE[name] ?? [],
    }),
  );
  const env = { MODEL_PRICES: await priced(), BUDGET_TASK: "0.04" };
  await using world = await startWorld({ script, env });
  const repo = await world.repository("partly", {
    ...answersRepository(["a"]),
    "b.txt": "no\n",
    "c.txt": "no\n",
  });

  const { issue } = await world.ask(repo, "say yes everywhere");
  const comment = await world.ended(repo, issue);

  expect(comment).toContain("with a part of the work");
  expect(comment).toContain("**Not done:**");
  expect(comment).toMatch(/- Answer b: .*The budget of the task of &#36;0\.04 has no room/);
  expect(comment).toMatch(/- Answer c: /);
  expect(comment).toMatch(/- \[x\] Answer a[\s\S]*- \[ \] Answer b[\s\S]*- \[ \] Answer c/);
  const [pull] = await world.github.pulls(repo);
  expect(pull).toMatchObject({ draft: true });
  expect(pull?.body).toContain("Answer b");
  const { billed, open, settled, reserved } = await inLedger(world.database);
  expect([open, reserved, settled]).toEqual([0, 0, billed]);
  expect(billed).toBeLessThanOrEqual(40_000);
  const cost = `Cost: $0.${String(Math.ceil(Number(billed) / 100))
    .padStart(4, "0")
    .replace(/0{1,2}$/, "")}.`;
  expect(comment).toContain(cost);
  expect(pull?.body).toContain(cost);
});
