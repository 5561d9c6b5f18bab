import { describe, expect, it } from "vitest";
import { answering, answersRepository } from "./answers.ts";
import { priced, reading } from "./priced.ts";
import { startWorld } from "./world.ts";

const NAMES = ["a", "b", "c"];

describe("a task that runs out of money", () => {
  it("ends as that where nothing is finished, having called no model beyond its budget", async () => {
    const env = { MODEL_PRICES: await priced() };
    await using world = await startWorld({ script: answering({ names: NAMES }), env });
    const repo = await world.repository("poor", answersRepository(NAMES));

    const { issue } = await world.ask(repo, "--budget 0.001 say yes everywhere");
    const comment = await world.ended(repo, issue);

    expect(comment).toContain("### Nexus: the budget is used up");
    expect(comment).toContain("**Budget:** models may cost $0.001 at most.");
    expect(comment).toContain("The budget of the task, $0.001, has no room for another call");
    expect(comment).toContain("Nothing was pushed.");
    expect(comment).toContain("No model was called, no token spent.");
    expect(world.model?.requests).toEqual([]);
    expect(await world.github.pulls(repo)).toEqual([]);
  });

  it("says which checks are red where what was done does not pass, and keeps the change", async () => {
    const script = reading(
      (item) => (item === "a" ? 15_000 : 1_000),
      answering({ names: ["a"], first: "perhaps" }),
    );
    const env = { MODEL_PRICES: await priced(), BUDGET_DAY: "0.045" };
    await using world = await startWorld({ script, env });
    const repo = await world.repository("red", answersRepository(["a"]));

    const { issue } = await world.ask(repo, "say yes everywhere");
    const comment = await world.ended(repo, issue);

    expect(comment).toContain("### Nexus: the budget is used up");
    expect(comment).toContain("The day's budget of all repositories, $0.045, has no room");
    expect(comment).toContain("What was done until then is kept, and not proposed: `a.txt`");
    expect(comment).toContain("a.txt: no yes");
    const [kept] = await world.database.sql(
      "select value::text from nexus.results where key = 'patch'",
    );
    expect(kept?.value).toContain("+perhaps");
    expect(await world.github.pulls(repo)).toEqual([]);
  });
});

describe("what a task may cost", () => {
  it("is lowered by the default branch's policy, and not raised by it or by the request", async () => {
    const env = { MODEL_PRICES: await priced(), BUDGET_TASK: "0.002" };
    await using world = await startWorld({ script: answering({ names: ["a"] }), env });
    const files = answersRepository(["a"]);
    const policy = files[".github/nexus.yml"] ?? "";
    const lowered = await world.repository("lowered", {
      ...files,
      ".github/nexus.yml": `${policy}budget: { task: 0.001, day: 900 }\n`,
    });
    const raised = await world.repository("raised", {
      ...files,
      ".github/nexus.yml": `${policy}budget: { task: 500 }\n`,
    });

    const first = await world.ask(lowered, "say yes");
    const second = await world.ask(raised, "--budget 600 say yes");

    expect(await world.ended(lowered, first.issue)).toContain("The budget of the task, $0.001,");
    expect(await world.ended(raised, second.issue)).toContain("The budget of the task, $0.002,");
  });

  it("is asked for again where it cannot be read, and nothing is started", async () => {
    await using world = await startWorld({ script: answering({ names: ["a"] }) });
    const repo = await world.repository("misread", answersRepository(["a"]));

    const { issue } = await world.ask(repo, "--budget 2,50 say yes");

    await expect
      .poll(async () => (await world.said(repo, issue)).map(({ body }) => body).join("\n"), {
        timeout: 60_000,
      })
      .toContain("Nexus understood `--budget 2,50`, which is no amount.");
    expect(await world.tracking(repo, issue)).toBe("");
    expect(world.model?.requests).toEqual([]);
  });
});
