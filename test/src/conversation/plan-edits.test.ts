import { describe, expect, it } from "vitest";
import { planWithout, readReply } from "../../../src/conversation/plan-edits.ts";
import type { Plan } from "../../../src/core/plan.ts";

function item(id: string, dependsOn: string[] = []): Plan["items"][number] {
  const paths = [`${id}.ts`];
  return { id, title: `Do ${id}`, department: "backend", goal: "Do it.", paths, dependsOn };
}

/** `api` stands alone, `page` builds on it, `docs` builds on nothing. */
const PLAN: Plan = {
  summary: "Three things.",
  items: [item("api"), item("page", ["api"]), item("docs")],
  checks: [{ name: "lint", command: "npm run lint" }],
};
const NOTHING = { without: [], words: "" };

describe("a reply to a plan", () => {
  it.each([
    ["", NOTHING],
    ["without docs", { without: ["docs"], words: "" }],
    ["Without `docs`.", { without: ["docs"], words: "" }],
    ["but without DOCS", { without: ["docs"], words: "" }],
    ["without docs, page", { without: ["docs", "page"], words: "" }],
    ["without docs and page", { without: ["docs", "page"], words: "" }],
    ["without docs, and page", { without: ["docs", "page"], words: "" }],
    ["without docs & page", { without: ["docs", "page"], words: "" }],
    ["only api", { without: ["page", "docs"], kept: ["api"], words: "" }],
    ["only: api, page", { without: ["docs"], kept: ["api", "page"], words: "" }],
    ["only api, page\nwithout page", { without: ["docs", "page"], kept: ["api"], words: "" }],
    ["budget 2.50", { ...NOTHING, budget: 2_500_000 }],
    ["with a budget of $3", { ...NOTHING, budget: 3_000_000 }],
    ["budget 3; budget 2", { ...NOTHING, budget: 2_000_000 }],
    ["without docs, budget 2.50", { without: ["docs"], words: "", budget: 2_500_000 }],
    ["use ISO dates", { without: [], words: "use ISO dates" }],
    ["without docs\nuse ISO dates", { without: ["docs"], words: "use ISO dates" }],
    ["without the docs page", { without: [], words: "without the docs page" }],
    ["only if it is quick", { without: [], words: "only if it is quick" }],
    ["the budget is tight", { without: [], words: "the budget is tight" }],
    ["leave docs out", { without: [], words: "leave docs out" }],
  ])("%j is understood", (said, reply) => {
    expect(readReply(said, PLAN)).toEqual({ reply });
  });

  it.each([
    [
      "without doc",
      'There is no work item `doc`: they are `api`, `page`, `docs`. A wish in other words is a sentence, such as "leave the documentation as it is".',
    ],
    [
      "without api",
      "It leaves out what other items need: `page` builds on `api`. Leave out both, or keep both.",
    ],
    [
      "only page",
      "It leaves out what other items need: `page` builds on `api`. Leave out both, or keep both.",
    ],
    ["only api\nwithout api", "That leaves no work item. The plan has `api`, `page`, `docs`."],
    ["budget 2,50", "`2,50` is no amount: a budget takes dollars above 0, such as `budget 2.50`."],
    ["budget 0", "`0` is no amount: a budget takes dollars above 0, such as `budget 2.50`."],
    [
      "without docs, budget 1e3",
      "`1e3` is no amount: a budget takes dollars above 0, such as `budget 2.50`.",
    ],
  ])("%j is answered with what is wrong, and what to do", (said, problem) => {
    expect(readReply(said, PLAN)).toEqual({ problem });
  });

  it("of hostile length is read in a moment, and whole", () => {
    const said = `without ${"a, ".repeat(2_000)}\n${"only ".repeat(1_000)}`;

    const read = readReply(said, PLAN);

    expect(read).toHaveProperty("problem");
  });
});

describe("a plan without some items", () => {
  it("is the very same one where it has none of them", () => {
    const same = planWithout(PLAN, ["gone"]);

    expect("plan" in same && same.plan).toBe(PLAN);
  });

  it("keeps what stays as it was, word for word", () => {
    expect(planWithout(PLAN, ["docs", "page"])).toEqual({
      plan: { ...PLAN, items: [PLAN.items[0]] },
    });
  });
});
