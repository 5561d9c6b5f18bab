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

  it("of the greatest size leaves room for how to answer", () => {
    const item = PLAN.items[0];
    const long = { ...item, title: "#".repeat(120), goal: "#".repeat(4_000) };
    const items = Array.from({ length: 20 }, (_, at) => ({ ...long, id: `i${at}` }));
    const risks = Array.from({ length: 10 }, () => "#".repeat(500));

    const text = said({ plan: { ...PLAN, items: items as Plan["items"], risks } }); // as above

    expect(text.length).toBeLessThan(65_000);
    expect(text).toContain("**To go on:**");
    expect(text).toContain("20. `i19`");
  });
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
