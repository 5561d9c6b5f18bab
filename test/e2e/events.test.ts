import { expect, it } from "vitest";
import { answering, answersRepository } from "./answers.ts";
import { startWorld } from "./world.ts";

it("what happens to a task is in its record, in its order, from the claim to the end", async () => {
  await using world = await startWorld({ script: answering({ names: ["a"] }) });
  const repo = await world.repository("told", answersRepository(["a"]));

  const { issue } = await world.ask(repo, "say yes everywhere");
  await world.ended(repo, issue);

  const rows = await world.database.sql(
    "select name, data::jsonb as data from nexus.events where name <> 'stage' order by seq",
  );
  expect(rows).toMatchObject([
    { name: "claimed", data: { crashes: 0 } },
    { name: "check", data: { on: "base", passed: false, exitCode: 1 } },
    { name: "step", data: { agent: "architect", number: 1 } },
    { name: "spent" },
    { name: "planned", data: { items: [{ id: "a", dependsOn: [] }] } },
    { name: "item-started", data: { item: "a" } },
    { name: "step", data: { agent: "a", calls: [{ name: "edit", ended: "done" }] } },
    { name: "spent" },
    { name: "step", data: { agent: "a", calls: [{ name: "finish", ended: "done" }] } },
    { name: "spent" },
    { name: "item-finished", data: { item: "a", files: 1 } },
    { name: "check", data: { on: "head", passed: true, exitCode: 0 } },
    { name: "pull-request", data: { number: expect.any(Number) } },
    { name: "ended", data: { outcome: "proposed" } },
  ]);
});
