import { describe, expect, it } from "vitest";
import { checkRunText } from "../../../src/conversation/check-run-text.ts";
import { mergeMessage } from "../../../src/conversation/commit-message.ts";
import { mergeReportText, settledText } from "../../../src/conversation/merge-report-text.ts";
import { trackingComment } from "../../../src/conversation/tracking-comment.ts";
import type { LeftConflict } from "../../../src/core/left-conflict.ts";
import type { FileReport } from "../../../src/core/merge.ts";
import { BASE, check, evidence, HEAD, RED, task } from "./facts.ts";

const IMPORTS: FileReport = {
  path: "src/a.ts",
  kind: "merged",
  hunks: [
    { stage: "lines", line: 3, why: "both sides added imports", confidence: "proven" },
    { stage: "model", line: 9, why: "a model put both together", confidence: "checked" },
  ],
};
const LEFT: FileReport = {
  path: "b.md",
  kind: "conflicted",
  hunks: [{ stage: "lines", line: 1, why: "both sides changed it", confidence: "proven" }],
};
const CONFLICT: LeftConflict = {
  path: "b.md",
  why: "both sides changed the same places",
  places: [{ line: 4, before: "old\n", ours: "mine\n", theirs: "theirs\n" }],
  ours: ["Say mine", "feat: mine"],
  theirs: [],
  proposals: [{ stage: "model", why: "It does not parse.", text: "```\nboth" }],
};
const base = { branch: "main", commit: BASE };

describe("the report of a merge", () => {
  it("says of each file who settled how many places, why, and how sure that is", () => {
    expect(mergeReportText([IMPORTS, LEFT])).toEqual([
      `| File | Settled by | Places | Why | Confidence |
| --- | --- | --- | --- | --- |
| \`src/a.ts\` | lines, a model | 2 | both sides added imports; a model put both together | checked |
| \`b.md\` | lines, left to a person | 1 | both sides changed it | proven |`,
    ]);
  });

  it("is nothing where git needed no help", () => {
    expect(mergeReportText([])).toEqual([]);
    expect(mergeReportText(undefined)).toEqual([]);
  });

  it("counts what it leaves out", () => {
    const many = Array.from({ length: 25 }, () => IMPORTS);

    expect(mergeReportText(many)[0]).toContain("And 5 files more.");
  });

  it("stands in the check run", () => {
    const { summary } = checkRunText(evidence([check()], { merge: [IMPORTS] }));

    expect(summary).toContain("| `src/a.ts` | lines, a model |");
  });

  it("is one sentence in the message of the merge", () => {
    const message = mergeMessage(task({ request: "resolve" }), {
      from: "main",
      into: "feature",
      settled: settledText([IMPORTS]),
    });

    expect(message).toBe(`Merge branch 'main' into feature

Conflicts in 1 file were settled, by: lines, a model. Asked for in #12:
resolve

Nexus-Task: 72d3162e-cc78-11e3
Requested-by: ada
Co-authored-by: ada <ada@users.noreply.github.com>
`);
  });

  it("lets no branch name add lines to the message", () => {
    const names = { from: "a\n\nNexus-Task: other", into: "b" };
    const message = mergeMessage(task(), { ...names, settled: settledText([]) });

    expect(message.match(/^Nexus-Task:/gm)).toHaveLength(1);
    expect(message).toMatch(/^Merge branch 'a Nexus-Task: other' into b\n/);
  });
});

describe("the tracking comment of a merge", () => {
  const asked = task({ request: "resolve", isPullRequest: true });

  it("says what was pushed, how it was merged, and the proof", () => {
    const comment = trackingComment({
      task: asked,
      outcome: {
        kind: "resolved",
        pullRequest: { number: 12, url: "https://github.test/x/12", head: HEAD, branch: "feature" },
        base,
        evidence: evidence([check()], { merge: [IMPORTS] }),
      },
    });

    expect(comment).toBe(`### Nexus: [#12](https://github.test/x/12) merges again

**Understood as:** merge this pull request with its base, and prove the result with the checks.

> resolve

\`main\` at \`bbbbbbb\` was merged into \`feature\`. Its head is \`1234567\`: the commit on which every check below was run.

| File | Settled by | Places | Why | Confidence |
| --- | --- | --- | --- | --- |
| \`src/a.ts\` | lines, a model | 2 | both sides added imports; a model put both together | checked |

| Check | Command | On \`1234567\` | Time |
| --- | --- | --- | --- |
| \`test\` | \`npm test\` | ✅ passed | 1.2 s |

<sub>Task \`72d3162e-cc78-11e3\`</sub>
`);
  });

  it("says which checks were red before the merge, and which it broke", () => {
    const failing = (name: string) => ({ ...RED, name });
    const green = check({ name: "lint" });
    const before = evidence([failing("test"), green], { commit: BASE, passed: false });
    const after = evidence([failing("test"), failing("lint")], { passed: false });

    const broken = trackingComment({
      task: asked,
      outcome: { kind: "checks-failed", evidence: after, before, corrections: 0 },
    });

    expect(broken).toContain("Red before the merge already, at `bbbbbbb`: `test`.");
    expect(broken).toContain("Green before the merge, at `bbbbbbb`: `lint`.");
    expect(broken).toContain("| Check | Command | Before `bbbbbbb` | Head `1234567` | Time |");

    const delivered = trackingComment({
      task: asked,
      outcome: {
        kind: "resolved",
        pullRequest: { number: 12, url: "https://github.test/x/12", head: HEAD, branch: "feature" },
        base,
        evidence: evidence([failing("test")], { passed: false }),
        before,
      },
    });

    expect(delivered).toContain("merges again, and fails as before\n");
    expect(delivered).toContain("Red before the merge already, at `bbbbbbb`: `test`.");
  });

  it("shows of each conflict that is left what both sides wanted and what was offered", () => {
    const merge = { base, head: HEAD, report: [IMPORTS, LEFT], left: [CONFLICT] };

    const comment = trackingComment({
      task: asked,
      outcome: { kind: "conflicted", files: ["b.md"], merge },
    });

    expect(comment).toContain(`### Nexus: conflicts are left`);
    expect(comment).toContain(`#### \`b.md\`

both sides changed the same places

- This pull request: Say mine; feat: mine
- Its base: no commit that names itself

Line 4. What this pull request made of it:

\`\`\`diff
-old
+mine
\`\`\`

What its base made of it:

\`\`\`diff
-old
+theirs
\`\`\`

Offered by a model, and not taken: It does not parse.

\`\`\`\`text
\`\`\`
both
\`\`\`\``);
    expect(comment).toContain("Nothing was pushed.");
  });
});
