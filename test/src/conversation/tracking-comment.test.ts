import { describe, expect, it } from "vitest";
import { acceptedComment, trackingComment } from "../../../src/conversation/tracking-comment.ts";
import type { FileReport } from "../../../src/core/merge.ts";
import type { Outcome } from "../../../src/core/outcome.ts";
import { NO_USAGE } from "../../../src/core/usage.ts";
import { seeded } from "../core/seeded.ts";
import { attack } from "./attacks.ts";
import { BASE, check, evidence, HEAD, RED, task } from "./facts.ts";

const PLAN = {
  summary: "Two steps.",
  items: [
    {
      id: "parser",
      title: "Add the parser",
      department: "backend",
      goal: "x",
      paths: ["a"],
      dependsOn: [],
    },
    {
      id: "qa",
      title: "Test it",
      department: "qa",
      goal: "x",
      paths: ["b"],
      dependsOn: ["parser"],
    },
  ],
  checks: [],
} as const;
const plan = structuredClone(PLAN) as unknown as Parameters<typeof trackingComment>[0]["plan"];

describe("the tracking comment before the end", () => {
  it("repeats the request as it was understood", () => {
    expect(acceptedComment(task({ request: "fix the tests" }))).toBe(`### Nexus: accepted

**Understood as:** make the failing checks pass.

> fix the tests

Waiting for a free worker. This comment will show how it goes.

<sub>Task \`72d3162e-cc78-11e3\`</sub>
`);
  });

  it("says of each work item that is not done where it stands, until the task has ended", () => {
    const states = ["waiting", "running", "failed", "not-started", "done"] as const;
    const items = states.map((id) => ({
      id,
      title: `Do ${id}`,
      department: "qa" as const,
      goal: "g",
      paths: [id],
      dependsOn: [],
    }));
    const progress = { items: states.map((state) => ({ id: state, state, steps: 0 })) };
    const view = { task: task(), plan: { summary: "s", items, checks: [] }, progress };

    const comment = trackingComment({ ...view, done: ["done"], now: "workers are working" });
    const reason = "r";
    const ended = trackingComment({ ...view, outcome: { kind: "nothing-to-do", reason } });

    expect(comment).toContain(
      `- [ ] Do waiting (qa) – waiting
- [ ] Do running (qa) – **working**
- [ ] Do failed (qa) – failed
- [ ] Do not-started (qa) – not started
- [x] Do done (qa)
`,
    );
    expect(ended).toContain("- [ ] Do running (qa)\n");
  });

  it("ticks off the plan and says what is being done", () => {
    const comment = trackingComment({ task: task(), plan, done: ["parser"], now: "shadow run" });

    expect(comment).toBe(`### Nexus: working

**Understood as:** change the code, and prove the change with the checks.

> add a parser for dates

**The plan,** in the model's words:

> Two steps.

- [x] Add the parser (backend)
- [ ] Test it (qa)

**Now:** shadow run

<sub>Task \`72d3162e-cc78-11e3\`</sub>
`);
  });
});

describe("the tracking comment at the end", () => {
  const pullRequest = {
    number: 34,
    url: "https://github.test/acme/engine/pull/34",
    head: HEAD,
    branch: "nexus/12-add-1ln9",
  };
  const table = `| Check | Command | On \`1234567\` | Time |
| --- | --- | --- | --- |
| \`test\` | \`npm test\` | ❌ failed (exit 1) | 1.2 s |`;
  const endings: readonly (readonly [Outcome, string])[] = [
    [
      { kind: "proposed", pullRequest, evidence: evidence([check()]) },
      `### Nexus: pull request [#34](https://github.test/acme/engine/pull/34)

**Understood as:** change the code, and prove the change with the checks.

> add a parser for dates

[#34](https://github.test/acme/engine/pull/34) is open on \`nexus/12-add-1ln9\`. Its head is \`1234567\`: the commit on which every check below was run.

| Check | Command | Base \`bbbbbbb\` | Head \`1234567\` | Time |
| --- | --- | --- | --- | --- |
| \`test\` | \`npm test\` | ❌ failed (exit 1) | ✅ passed | 1.2 s |`,
    ],
    [
      { kind: "checks-failed", evidence: evidence([check({ name: "lint" }), RED]), corrections: 2 },
      `Not every check passes after 2 corrections. Nothing was pushed.

| Check | Command | Base \`bbbbbbb\` | Head \`1234567\` | Time |
| --- | --- | --- | --- | --- |
| \`lint\` | \`npm test\` | not run | ✅ passed | 1.2 s |
| \`test\` | \`npm test\` | ❌ failed (exit 1) | ❌ failed (exit 1) | 1.2 s |

First failing: \`test\` (\`npm test\`): ❌ failed (exit 1) after 1.2 s.

\`\`\`text
1 failing
\`\`\``,
    ],
    [
      { kind: "conflicted", item: "qa", files: ["src/a.ts", "b`c.ts"] },
      `\`qa\` changes the same places as the work before it. Nothing was pushed.

- \`src/a.ts\`
- \`\`b\`c.ts\`\``,
    ],
    [
      { kind: "model-required", reason: "No model is configured.", evidence: evidence([RED]) },
      `### Nexus: a model is required

**Understood as:** change the code, and prove the change with the checks.

> add a parser for dates

No model is configured. Nothing was pushed.

${table}

First failing: \`test\` (\`npm test\`): ❌ failed (exit 1) after 1.2 s.`,
    ],
    [
      {
        kind: "model-failed",
        code: "model.auth",
        reason: "The key was refused.",
        hint: "Check MODEL_API_KEY.",
      },
      "The key was refused. (`model.auth`) Nothing was pushed.\n\nCheck MODEL\\_API\\_KEY.",
    ],
    [
      { kind: "setup-failed", reason: "npm ci failed.", output: "ERESOLVE\n```\n" },
      "npm ci failed. Nothing was pushed.\n\n````text\nERESOLVE\n```\n````",
    ],
    [{ kind: "refused", reason: "@eve has no write access." }, "### Nexus: not started"],
    [
      {
        kind: "nothing-to-do",
        reason: "Every check passes on the base.",
        evidence: evidence([check()]),
      },
      "Every check passes on the base.\n\n| Check | Command | On `1234567` | Time |",
    ],
    [
      { kind: "no-checks", reason: "Nothing proves a change." },
      "Nothing proves a change. Nothing was pushed.\n\nName the commands",
    ],
    [
      { kind: "failed", code: "git.rejected", reason: "Somebody moved the branch." },
      "### Nexus: Nexus could not finish",
    ],
  ];

  it.each(endings)("of %j", (outcome, expected) => {
    const baseline = evidence([RED], { commit: BASE });
    const comment = trackingComment({ task: task(), baseline, usage: NO_USAGE, outcome });

    expect(comment).toContain(expected);
    expect(comment).toContain("\n\nNo model was called, no token spent.\n\n<sub>");
  });

  it("says why correcting stopped, beside the first failing command", () => {
    const stopped = { code: "model.timeout", reason: "No reply in 60 s, @ada." };
    const outcome: Outcome = {
      kind: "checks-failed",
      evidence: evidence([RED]),
      corrections: 1,
      stopped,
    };

    const comment = trackingComment({ task: task(), outcome });

    expect(comment).toContain(
      "The last correction came to nothing: No reply in 60 s, @&#8203;ada. (`model.timeout`)",
    );
    expect(comment).toContain("First failing: `test` (`npm test`)");
  });

  it.each<[string, Outcome, string]>([
    [
      "that is held as asked",
      { kind: "held", evidence: evidence([check()]), until: "2026-01-02T03:04:05.000Z" },
      "As asked, nothing was pushed. Until",
    ],
    [
      "whose check failed",
      {
        kind: "checks-failed",
        evidence: evidence([RED]),
        corrections: 2,
        heldUntil: "2026-01-02T03:04:05.000Z",
      },
      "Its workspace is kept. Until",
    ],
  ])("names the command that looks into a task %s", (_name, outcome, begins) => {
    expect(trackingComment({ task: task(), outcome })).toContain(
      `${begins} \`2026-01-02T03:04:05.000Z\` the operator can look into it with \`nexus inspect 72d3162e-cc78-11e3\`.`,
    );
  });

  it("names the files that were left behind, a bounded number of them", () => {
    const outcome: Outcome = { kind: "nothing-to-do", reason: "Nothing of theirs." };
    const leftBehind = Array.from({ length: 12 }, (_, at) => `src/${at}.ts`);

    const comment = trackingComment({ task: task(), outcome, leftBehind });

    expect(comment).toContain(
      "Changes outside the paths of the work items were left behind: `src/0.ts`, `src/1.ts`,",
    );
    expect(comment).toContain("`src/9.ts` and 2 more.");
    expect(trackingComment({ task: task(), outcome, leftBehind: [] })).not.toContain("left behind");
  });

  it("says why there is no check run, in words that link and ping nothing", () => {
    const outcome: Outcome = {
      kind: "proposed",
      pullRequest,
      evidence: evidence([check()]),
      checkRunProblem: "Resource not accessible, @ada",
    };

    const comment = trackingComment({ task: task(), outcome });

    expect(comment).toContain("### Nexus: pull request [#34]");
    expect(comment).toContain(
      "The check run could not be written on its head: Resource not accessible, @&#8203;ada",
    );
  });

  it("says so when the head is not what was tested", () => {
    const moved = { ...pullRequest, head: "f".repeat(40) };
    const outcome: Outcome = {
      kind: "proposed",
      pullRequest: moved,
      evidence: evidence([check()]),
    };

    expect(trackingComment({ task: task(), outcome })).toContain(
      "but its head is `fffffff` and the checks below were run on `1234567`.",
    );
  });

  describe("of a task that has pushed in an earlier run", () => {
    const red: Outcome = { kind: "checks-failed", evidence: evidence([RED]), corrections: 2 };
    const branch = "nexus/12-add-1ln9";
    const { number, url } = pullRequest;
    const said = "The branch `nexus/12-add-1ln9` was pushed before, at `1234567`.";
    const opened =
      "The pull request [#34](https://github.test/acme/engine/pull/34) was opened for it.";
    const endings: readonly Outcome[] = [
      red,
      { kind: "failed", code: "task.timeout", reason: "Too long." },
      { kind: "model-failed", code: "model.auth", reason: "No key." },
      { kind: "no-checks", reason: "Nothing proves a change." },
      { kind: "nothing-to-do", reason: "All checks pass." },
      { kind: "conflicted", item: "qa", files: ["a"] },
      { kind: "refused", reason: "No write access." },
      { kind: "setup-failed", reason: "npm ci failed.", output: "" },
      { kind: "model-required", reason: "No model." },
    ];

    it.each(endings)("says what is there: %j", (outcome) => {
      const pushed = { branch, head: HEAD, pullRequest: { number, url } };
      const comment = trackingComment({ task: task(), outcome, pushed });

      expect(comment).toContain(`${said} ${opened}`);
      expect(comment).not.toContain("Nothing was pushed");
    });

    it("says no more than was read back", () => {
      const alone = trackingComment({ task: task(), outcome: red, pushed: { branch, head: HEAD } });
      const unknown = trackingComment({ task: task(), outcome: red, pushed: { branch } });

      expect(alone).toContain(said);
      expect(alone).not.toContain("was opened");
      expect(unknown).toContain(
        "A push to the branch `nexus/12-add-1ln9` was asked for; what arrived can be seen there.",
      );
    });
  });

  it("claims nothing about pushes when Nexus itself failed", () => {
    const outcome: Outcome = { kind: "failed", code: "github.refused", reason: "No pull request." };

    expect(trackingComment({ task: task(), outcome })).not.toContain("pushed");
  });

  it("pings, links and closes nothing, is bounded, and holds no marker, whatever others wrote", () => {
    const random = seeded(51);
    const hostile = () =>
      `${attack(random)}${random.text(["x", "`", "|", "\n", "é"], random.int(3_000))}`;
    for (let round = 0; round < 40; round++) {
      const red = check({
        passed: false,
        exitCode: 1,
        name: hostile(),
        command: hostile(),
        output: hostile(),
      });
      const proof = evidence(Array.from({ length: 40 }, () => red));
      const outcome = random.pick<Outcome>([
        { kind: "checks-failed", evidence: proof, corrections: 1 },
        { kind: "model-required", reason: hostile(), evidence: proof },
        { kind: "setup-failed", reason: hostile(), output: hostile() },
        { kind: "conflicted", item: hostile(), files: Array.from({ length: 99 }, hostile) },
        hostileMerge(hostile),
        { kind: "checks-failed", corrections: 0, evidence: { ...proof, merge: reports(hostile) } },
        { kind: "failed", code: hostile(), reason: hostile(), hint: hostile() },
      ]);

      const comment = trackingComment({
        task: task({ request: hostile() }),
        now: hostile(),
        outcome,
      });

      expect(comment.length).toBeLessThan(60_000);
      expect(comment).not.toContain("<!--");
      expect(comment).not.toMatch(/[\u200b\u202e]/);
      expect(outsideCode(comment)).not.toMatch(/@\w|:\/\/|(?<!&)#\d|<(?!\/?sub>)/);
    }
  });
});

function reports(hostile: () => string): FileReport[] {
  const hunk = { stage: "lines", line: 1, confidence: "proven" } as const;
  return Array.from({ length: 30 }, () => ({
    path: hostile(),
    kind: "merged",
    hunks: Array.from({ length: 2 }, () => ({ ...hunk, why: hostile() })),
  }));
}

function hostileMerge(hostile: () => string): Outcome {
  const left = Array.from({ length: 12 }, () => ({
    path: hostile(),
    why: hostile(),
    places: [{ line: 3, before: hostile(), ours: hostile(), theirs: hostile() }],
    morePlaces: 2,
    ours: [hostile(), hostile()],
    theirs: [hostile()],
    proposals: [{ stage: "model" as const, why: hostile(), text: hostile() }],
  }));
  const base = { branch: hostile(), commit: HEAD };
  const merge = { base, head: HEAD, report: reports(hostile), left };
  return { kind: "conflicted", files: [hostile()], merge };
}

/** The comment without its code spans and blocks, as GitHub reads it. */
function outsideCode(markdown: string): string {
  return markdown
    .replaceAll(/^(`{3,})(?:text|diff)\n[\s\S]*?\n\1$/gm, "")
    .replaceAll(/(?<![\\`])(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/g, "");
}
