import { describe, expect, it } from "vitest";
import { pullRequestText } from "../../../src/conversation/pull-request-text.ts";
import { trackingComment } from "../../../src/conversation/tracking-comment.ts";
import { triedText } from "../../../src/conversation/tried-text.ts";
import type { Correction } from "../../../src/core/correction.ts";
import type { Outcome } from "../../../src/core/outcome.ts";
import { NO_USAGE } from "../../../src/core/usage.ts";
import { seeded } from "../core/seeded.ts";
import { attack } from "./attacks.ts";
import { check, evidence, RED, task } from "./facts.ts";

const SPENT = {
  cap: "task",
  limit: 1_000_000,
  settled: 1_000_000,
  reserved: 0,
  reason: "No room for another call.",
} as const;

function tried(changes: Partial<Correction> = {}): Correction {
  return {
    number: 1,
    kind: "continued",
    blamed: [{ item: "b", title: "Add B" }],
    models: ["local:kimi"],
    files: [{ path: "b.ts", status: "modified", insertions: 3, deletions: 1 }],
    redBefore: ["test"],
    ending: "kept",
    ...changes,
  };
}

describe("what was tried", () => {
  it.each<[string, Partial<Correction>, string]>([
    [
      "and did not help",
      { redAfter: ["test"] },
      "- Correcting “Add B”, going on from the work (`local:kimi`): `b.ts` (+3 −1). Still red with it: `test`.",
    ],
    [
      "and made other checks red",
      { redAfter: ["test", "lint"], ending: "thrown-away" },
      "- Correcting “Add B”, going on from the work (`local:kimi`): `b.ts` (+3 −1). Red with it: `test`, `lint`. It was thrown away: no less failed with it.",
    ],
    [
      "by a stranger and helped",
      { kind: "fresh", redAfter: [] },
      "- Correcting “Add B” anew, by a worker who knew nothing of the work (`local:kimi`): `b.ts` (+3 −1). Green with it.",
    ],
    [
      "without a change",
      { files: [], ending: "unchanged" },
      "- Correcting “Add B”, going on from the work (`local:kimi`): It changed nothing.",
    ],
    [
      "by a worker that was stopped, with why",
      {
        files: [],
        ending: "gave-up",
        stopped: { code: "worker.too-many-steps", reason: "Not finished\nafter **40** steps." },
      },
      "- Correcting “Add B”, going on from the work (`local:kimi`): It was not finished: Not finished after \\*\\*40\\*\\* steps. (`worker.too-many-steps`)",
    ],
    [
      "where nobody could be blamed",
      { blamed: [], models: [], files: [], ending: "gave-up" },
      "- Correcting everything that was changed, going on from the work: It was not finished.",
    ],
    [
      "in vain once more",
      { ending: "repeated" },
      "- Correcting “Add B”, going on from the work (`local:kimi`): `b.ts` (+3 −1). It came to a state that was known to be red.",
    ],
    [
      "by leaving something out",
      { kind: "left-out", models: [], redAfter: [] },
      "- Leaving out “Add B”: `b.ts` (+3 −1). Green with it.",
    ],
  ])("%s is said in one line", (...[, changes, line]) => {
    expect(triedText([tried(changes)])).toEqual([line]);
  });

  it("is nothing where nothing was", () => {
    expect(triedText()).toEqual([]);
    expect(triedText([])).toEqual([]);
  });

  it("is cut where there was much of it", () => {
    const [text = ""] = triedText(Array.from({ length: 12 }, () => tried()));

    expect(text.split("\n")).toHaveLength(11);
    expect(text).toMatch(/\n- and 2 more$/);
  });

  it("stands in the comment of what is not proposed, and in the pull request that came of it", () => {
    const all = [tried({ redAfter: [] })];

    const proof = evidence([RED]);
    const endings: Outcome[] = [
      { kind: "checks-failed", evidence: proof, corrections: 1, tried: all },
      { kind: "held", evidence: evidence([check()]), until: "2030-01-01T00:00Z", tried: all },
      { kind: "budget-exhausted", ...SPENT, evidence: proof, tried: all },
    ];
    const comments = endings.map((outcome) => trackingComment({ task: task(), outcome }));
    const { body } = pullRequestText({
      task: task(),
      issue: { title: "t" },
      evidence: evidence([check()]),
      baseline: undefined,
      commits: [],
      usage: NO_USAGE,
      tried: all,
      branch: "nexus/12",
      base: "main",
    });

    for (const comment of comments) {
      expect(comment).toContain("**What was tried:**\n\n- Correcting “Add B”");
    }
    expect(body).toContain("### What was tried\n\n- Correcting “Add B”");
  });

  it("is one line that pings, links and styles nothing, whatever items are called", () => {
    const random = seeded(7);
    for (let round = 0; round < 500; round++) {
      const blamed = [{ item: "b", title: attack(random) }];
      const [text = ""] = triedText([tried({ blamed, models: [], files: [], redAfter: [] })]);

      expect(text.split("\n")).toHaveLength(1);
      expect(text).not.toMatch(/[<>]|@\w|:\/\//);
      expect(text).not.toMatch(/(?<!\\)(?:\\\\)*[`*_[\]~|]/);
    }
  });

  it("names hostile paths, models and checks as code that they cannot close", () => {
    const hostile = "`@octocat` <img src=x>\n# x";

    const [text = ""] = triedText([
      tried({
        models: [hostile],
        files: [{ path: hostile, status: "modified" }],
        redAfter: [hostile],
      }),
    ]);

    expect(text.split("\n")).toHaveLength(1);
    expect(text.split("`` `@octocat` <img src=x> # x ``")).toHaveLength(4);
  });
});
