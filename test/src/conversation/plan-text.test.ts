import { describe, expect, it } from "vitest";
import { unheardText } from "../../../src/conversation/approval-text.ts";
import { trackingComment } from "../../../src/conversation/tracking-comment.ts";
import type { Approval } from "../../../src/core/approval.ts";
import type { Plan } from "../../../src/core/plan.ts";
import type { Question } from "../../../src/core/question.ts";
import { NO_USAGE } from "../../../src/core/usage.ts";
import { seeded } from "../core/seeded.ts";
import { attack } from "./attacks.ts";
import { BASE, task } from "./facts.ts";

const PLAN: Plan = {
  summary: "Dates are read in two formats.",
  items: [
    {
      id: "parser",
      title: "Add the parser",
      department: "backend",
      goal: "Read both formats.",
      paths: ["src/dates.ts", "src/formats/**"],
      estimate: "small",
      acceptance: { name: "dates", command: "npm test -- dates" },
      dependsOn: [],
    },
    {
      id: "docs",
      title: "Tell of it",
      department: "product",
      goal: "Name both formats.",
      paths: ["README.md"],
      dependsOn: ["parser"],
    },
  ],
  checks: [{ name: "types", command: "npm run types" }],
  risks: ["Old dates may be read otherwise."],
};

/** A code span: as many backticks at its end as at its beginning. */
const SPAN = /(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)/g;

function said(changes: Partial<Question> = {}): string {
  const base = { branch: "main", commit: BASE };
  const question = { plan: PLAN, base, named: [], without: [], usage: NO_USAGE, ...changes };
  const cost = { spent: 12_345, isAtMost: false };
  return trackingComment({ task: task({ planFirst: true }), question, cost });
}

describe("a plan that waits", () => {
  it("is shown whole, with how to answer and what it has cost", () => {
    expect(said()).toBe(`### Nexus: the plan waits for a word

**Understood as:** plan this, and wait for a word before anybody works on it.

> add a parser for dates

**The plan,** in the model's words:

> Dates are read in two formats.

1. \`parser\` Add the parser (backend, small)
   - Goal: Read both formats.
   - May change: \`src/dates.ts\`, \`src/formats/**\`
   - Proof: \`npm test -- dates\`
2. \`docs\` Tell of it (product, after \`parser\`)
   - Goal: Name both formats.
   - May change: \`README.md\`

**Checks beside the repository's own:**

- \`types\`: \`npm run types\`

**Risks,** in the model's words:

- Old dates may be read otherwise.

Made on \`main\` at \`bbbbbbb\`. Nobody works before it is approved.

**To go on:** \`/nexus approve\` in a new comment carries out exactly this. \`/nexus approve without docs\` and \`/nexus approve only parser\` leave work items out. Any other words behind it are a wish: the plan is revised by them, and then carried out. \`/nexus plan\` with other words makes a new plan.

Models have cost $0.0124 so far.

<sub>Task \`72d3162e-cc78-11e3\`</sub>
`);
  });

  it("with questions names them, and how to answer", () => {
    const text = said({ plan: { ...PLAN, questions: ["Which is the default?", "Since when?"] } });

    expect(text).toContain("### Nexus: questions before the work");
    expect(text).toContain("1. Which is the default?\n2. Since when?");
    expect(text).toContain("`/nexus approve` and your answers in a new comment");
  });

  it("that is shown again says why", () => {
    expect(said({ reason: "The plan was made anew." })).toContain(
      "The plan was made anew.\n\n**The plan,**",
    );
  });

  it("of whatever text stays a comment in which nobody is pinged and nothing is linked", () => {
    const random = seeded(7);
    for (let round = 0; round < 300; round++) {
      const text = () => `x${attack(random)}`;
      const item = { ...PLAN.items[0], title: text(), goal: text(), paths: [text(), text()] };
      const items = [item, { ...item, id: "other" }] as Plan["items"]; // its fields are those of an item
      const plan = { ...PLAN, summary: text(), items, risks: [text()], questions: [text()] };

      const outside = said({ plan }).replaceAll(SPAN, "");

      expect(outside).not.toMatch(/@octocat|https:\/\/evil|<img|<!--|!\[a\]\(/);
    }
  });

  it("is shown to its last word where there is room for it", () => {
    const goal = `Read both formats. ${"Then more. ".repeat(300)}The end.`;
    const paths = Array.from({ length: 50 }, (_, at) => `src/${at}.ts`);
    const [item] = PLAN.items;

    const text = said({ plan: { ...PLAN, items: [{ ...item, goal, paths }] as Plan["items"] } }); // as above

    expect(text).toContain("The end.");
    expect(text).toContain("`src/49.ts`");
    expect(text).not.toContain("too long to be shown whole");
  });

  it.each(["#", "@", "$", "`", "a", "\n# "])(
    "of the greatest size in %j leaves room for how to answer, and says that it is cut",
    (unit) => {
      const long = (length: number) => `x${unit.repeat(length)}`.slice(0, length);
      const many = (count: number, length: number) =>
        Array.from({ length: count }, () => long(length));
      const ids = Array.from({ length: 20 }, (_, at) => `${"i".repeat(37)}-${at}`);
      const items = ids.map((id, at) => ({
        id,
        title: long(120),
        department: "backend" as const,
        goal: long(4_000),
        paths: many(10, 300),
        acceptance: { name: id, command: long(2_000) },
        dependsOn: ids.slice(0, at),
      }));
      const checks = many(10, 2_000).map((command, at) => ({ name: `${at}${long(99)}`, command }));
      const plan = {
        summary: long(1_000),
        items,
        checks,
        risks: many(10, 500),
        questions: many(5, 500),
      };
      const answer = { id: "d", by: "ben", commentId: 1, words: "", without: [] };
      const answers = many(3, 8_000).map((text) => ({ ...answer, said: text }));
      const question = { plan, base: { branch: "main", commit: BASE }, named: [], without: [] };

      const text = trackingComment({
        task: task({ planFirst: true, request: long(8_000) }),
        answers,
        question: { ...question, usage: NO_USAGE },
      });

      expect(text.length).toBeLessThan(53_000);
      expect(text).toContain("**To answer:**");
      expect(text).toContain("too long to be shown whole");
      expect(text).toContain(`20. \`${"i".repeat(37)}-19\``);
    },
  );
});

describe("a word that changed nothing", () => {
  const approval: Approval = {
    kind: "approval",
    id: "d",
    repo: { owner: "acme", name: "engine" },
    installationId: 1,
    issue: 1,
    isPullRequest: false,
    requestedBy: "ada",
    commentId: 1,
    words: "ship it @all",
  };

  it("is answered with what was understood and what to do", () => {
    expect(unheardText(approval, { kind: "nothing-waits" })).toBe(
      "@ada, Nexus understood `/nexus approve`, with these words:\n\n> ship it @&#8203;all\n\nNo plan waits for a word here, so nothing was started. `/nexus plan` and a request makes one; `/nexus` and a request starts at once.\n",
    );
  });
});
