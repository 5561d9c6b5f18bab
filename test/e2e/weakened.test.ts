import { describe, expect, it } from "vitest";
import type { Script } from "../world/model/script.ts";
import { startWorld } from "./world.ts";

const HEAD = 'import assert from "node:assert/strict";\nimport { test } from "node:test";\n';
const ADDS = 'test("adds", () => { assert.equal(sum(2, 2), 4); });\n';
const MORE = 'test("adds nothing to nothing", () => { assert.equal(sum(0, 0), 0); });\n';
const IMPORT = 'import { sum } from "../sum.mjs";\n';
const WRONG = "export const sum = (a, b) => a * b + 1 - 1;\n";
const RIGHT = "export const sum = (a, b) => a + b;\n";

/** A repository whose tests are red where the sum is wrong: `sum(2, 3)` is 6. */
const REPOSITORY = {
  "sum.mjs": WRONG,
  "test/sum.test.mjs": HEAD + IMPORT + ADDS.replace("2, 2), 4", "2, 3), 5") + MORE,
  ".github/nexus.yml": "checks:\n  - name: test\n    command: node --test test/sum.test.mjs\n",
};

type Calls = readonly { readonly name: string; readonly input: Record<string, unknown> }[];

const edit = (path: string, old: string, text: string) => ({
  name: "edit",
  input: { path, old, new: text },
});
const FINISH = { name: "finish", input: { summary: "All tests pass." } };

/** A model that plans this and whose workers make these calls, one a step, then finish. */
function working(items: readonly object[], calls: (item: string) => Calls): Script {
  return ({ agent, body }) => {
    if (agent.tools.includes("submit_plan")) {
      return { calls: [{ name: "submit_plan", input: { summary: "s", items, checks: [] } }] };
    }
    const done = body.messages.filter(({ role }) => role === "tool").length;
    return { calls: [calls(agent.workItem ?? "")[done] ?? FINISH] };
  };
}

const item = (changes: object) => ({
  id: "sum",
  title: "Mend the sum",
  department: "backend",
  goal: "Make sum add.",
  paths: ["sum.mjs", "test/**"],
  dependsOn: [],
  ...changes,
});
const FAILING = ADDS.replace("2, 2), 4", "2, 3), 5");
const DELETES = [edit("test/sum.test.mjs", FAILING, "")];
const RESTORES = [edit("test/sum.test.mjs", MORE, FAILING + MORE), edit("sum.mjs", WRONG, RIGHT)];

describe("a worker that deletes the failing test", () => {
  it("gets it back once, and what puts it back and mends the code is proposed as ever", async () => {
    const script = working([item({})], (id) => (id === "sum" ? DELETES : RESTORES));
    await using world = await startWorld({ script });
    const repo = await world.repository("restored", REPOSITORY);

    const { issue } = await world.ask(repo, "make the sum right");
    const comment = await world.ended(repo, issue);

    const [pull] = await world.github.pulls(repo);
    expect(comment).toContain("### Nexus: pull request [#");
    expect(pull).toMatchObject({ draft: false });
    expect(pull?.body).not.toContain("weakened");
    expect(pull?.body).toContain("Put back what tests proved");
    expect(await world.github.checkRuns(repo, pull?.headSha ?? "")).toMatchObject([
      { conclusion: "success", title: "1 of 1 check passed" },
    ]);
  });

  it("and leaves it so gets a draft that says so before anything else, with file and line", async () => {
    const script = working([item({})], (id) => (id === "sum" ? DELETES : []));
    await using world = await startWorld({ script });
    const repo = await world.repository("weakened", REPOSITORY);

    const { issue, deliveryId } = await world.ask(repo, "make the sum right");
    const comment = await world.ended(repo, issue);

    const [pull] = await world.github.pulls(repo);
    const place = '`test/sum.test.mjs:4` (before): test deleted: `test("adds"';
    expect(comment).toMatch(/### Nexus: draft \[#\d+\]\([^)]*\): tests were weakened/);
    expect(comment).toContain(place);
    expect(pull).toMatchObject({ draft: true });
    expect(pull?.body).toContain("### Tests that were weakened\n\n**Nobody asked for this.**");
    expect(pull?.body).toContain(place);
    expect(pull?.body.indexOf("weakened")).toBeLessThan(pull?.body.indexOf("### Proof") ?? 0);
    const [run] = await world.github.checkRuns(repo, pull?.headSha ?? "");
    expect(run).toMatchObject({
      conclusion: "neutral",
      title: "1 of 1 check passed, with weaker tests",
      summary: expect.stringContaining(place),
    });
    const corrections = await world.database.sql(
      "select distinct agent from nexus.steps where task_id = $1 and agent like 'correction%'",
      [deliveryId],
    );
    expect(corrections).toHaveLength(1);
    expect(world.github.violations).toEqual([]);
  });
});

describe("a QA item", () => {
  it("proves the change by a test that fails on the base and passes on the head, in numbers", async () => {
    const acceptance = { name: "new test", command: "node --test test/new.test.mjs" };
    const tester = item({ id: "qa", title: "Test it", department: "qa", paths: ["test/**"] });
    const items = [item({ paths: ["sum.mjs"] }), { ...tester, acceptance, dependsOn: ["sum"] }];
    const written = HEAD + IMPORT + ADDS.replace("2, 2), 4", "1, 2), 3") + MORE;
    const script = working(items, (id) =>
      id === "qa" ? [edit("test/new.test.mjs", "", written)] : [edit("sum.mjs", WRONG, RIGHT)],
    );
    await using world = await startWorld({ script });
    const repo = await world.repository("proven", REPOSITORY);

    const { issue } = await world.ask(repo, "make the sum right");
    const comment = await world.ended(repo, issue);

    const [pull] = await world.github.pulls(repo);
    const row =
      "| `node --test test/new.test.mjs` for `qa` | exit 1, tests: 1 passed, 1 failed | exit 0, tests: 2 passed | ✅ fails on base, passes on head |";
    expect(pull?.body).toContain(row);
    expect(pull?.body).toContain("`new test` (named by the plan for `qa`)");
    expect(pull).toMatchObject({ draft: false });
    expect(comment).toContain(row);
  });
});
