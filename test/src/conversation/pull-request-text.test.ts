import { describe, expect, it } from "vitest";
import { type ProposalView, pullRequestText } from "../../../src/conversation/pull-request-text.ts";
import { NO_USAGE } from "../../../src/core/usage.ts";
import { BASE, check, evidence, HEAD, RED, task } from "./facts.ts";

function view(changes: Partial<ProposalView> = {}): ProposalView {
  const files = [{ path: "src/date.ts", status: "added" as const, insertions: 9, deletions: 0 }];
  return {
    task: task(),
    issue: { title: "Dates are wrong" },
    evidence: evidence([check()]),
    baseline: evidence([RED], { commit: BASE }),
    commits: [
      {
        title: "Add the parser",
        changeSet: { base: BASE, commit: HEAD, tree: "c".repeat(40), files },
      },
    ],
    usage: NO_USAGE,
    branch: "nexus/12-add-1ln9",
    base: "main",
    ...changes,
  };
}

describe("a pull request says", () => {
  it("what was done, for whom, the proof, and how to take it back", () => {
    expect(pullRequestText(view())).toEqual({
      title: "Add a parser for dates",
      body: `Carries out the request below. 1 commit, 1 file against \`main\` at \`bbbbbbb\`.

Requested by @ada in #12:

> add a parser for dates

### Proof

Nexus ran these checks in a sandbox without network on \`1234567890abcdef1234567890abcdef12345678\`, the head it pushed:

| Check | Command | Base \`bbbbbbb\` | Head \`1234567\` | Time |
| --- | --- | --- | --- | --- |
| \`test\` | \`npm test\` | ❌ failed (exit 1) | ✅ passed | 1.2 s |

### Commits

- \`1234567\` Add the parser (1 file)

### Taking it back

Before the merge: close this pull request and delete \`nexus/12-add-1ln9\`. Afterwards: the Revert button below, or \`git revert\` of the commits above.

No model was called, no token spent. For #12.
`,
    });
  });

  it("how many tests passed before and after", () => {
    const tests = (passed: number, failed: number) =>
      ({ format: "jest-json", passed, failed, skipped: 2 }) as const;
    const baseline = evidence([{ ...RED, tests: tests(211, 3) }], { commit: BASE });
    const { body } = pullRequestText(
      view({ baseline, evidence: evidence([check({ tests: tests(214, 0) })]) }),
    );

    expect(body).toContain(
      "| ❌ failed (exit 1), tests: 211 passed, 3 failed, 2 skipped | ✅ passed, tests: 214 passed, 2 skipped |",
    );
  });

  it("which files of the workers it does not hold", () => {
    const { body } = pullRequestText(view({ leftBehind: ["stray.txt", "a`b"] }));

    expect(body).toContain(
      "(1 file)\n\nChanges outside the paths of the work items were left behind: `stray.txt`, ``a`b``.\n\n### Taking",
    );
  });

  const titles: readonly (readonly [string, Partial<ProposalView>, string])[] = [
    [
      "names the checks it repaired",
      { task: task({ request: "fix" }) },
      "Fix failing checks: test",
    ],
    [
      "repaired without knowing the base",
      { task: task({ request: "fix" }), baseline: undefined },
      "Fix failing checks",
    ],
    [
      "takes the issue's where the request only points at it",
      { task: task({ request: "do it" }) },
      "Dates are wrong",
    ],
    [
      "takes the request where the issue has none",
      { task: task({ request: "do it" }), issue: { title: " " } },
      "Do it",
    ],
    [
      "has one even without any word",
      { task: task({ request: "\u200b" }), issue: { title: "" } },
      "Work on #12",
    ],
    [
      "cannot close, ping or skip",
      { task: task({ request: "do it" }), issue: { title: "fixes #9 @eve [skip ci]\n" } },
      "Fixes # 9 @ eve (skip ci)",
    ],
    ["is short", { task: task({ request: "word ".repeat(50) }) }, `Word ${"word ".repeat(13)}w…`],
  ];

  it.each(titles)("a title that %s", (_name, changes, title) => {
    expect(pullRequestText(view(changes)).title).toBe(title);
  });

  it("hostile words only as quotations", () => {
    const { body } = pullRequestText(
      view({ task: task({ request: "add it\n\n### Proof\n<b>@eve fixes #1</b>" }) }),
    );

    expect(body).toContain(
      "> add it\n>\n> \\#&#8203;\\#&#8203;\\#&#8203; Proof\n>\n> &lt;b&gt;@&#8203;eve fixes \\#&#8203;1&lt;/b&gt;",
    );
  });
});
