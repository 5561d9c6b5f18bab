import { describe, expect, it } from "vitest";
import { pullRequestText } from "../../../src/conversation/pull-request-text.ts";
import { trackingComment } from "../../../src/conversation/tracking-comment.ts";
import { unfinishedText } from "../../../src/conversation/unfinished-text.ts";
import type { Outcome, Unfinished } from "../../../src/core/outcome.ts";
import type { Plan } from "../../../src/core/plan.ts";
import { NO_USAGE } from "../../../src/core/usage.ts";
import { check, evidence, HEAD, RED, task } from "./facts.ts";

const BAD: Unfinished = { item: "b", title: "Add B", code: "worker.looping", reason: "It looped." };
const LINE = "**Not done:**\n\n- Add B: It looped. (`worker.looping`)";

const item = (id: string, title: string) => ({
  id,
  title,
  department: "backend" as const,
  goal: "Do it",
  paths: [`${id}.txt`],
  dependsOn: [],
});
const plan: Plan = {
  summary: "Both.",
  items: [item("a", "Add A"), item("b", "Add B")],
  checks: [],
};
const pullRequest = { number: 7, url: "https://github.test/7", head: HEAD, branch: "nexus/12" };

function comment(outcome: Outcome): string {
  return trackingComment({ task: task(), plan, done: ["a"], outcome });
}

describe("work that is done in part", () => {
  it("is a draft in the comment, with what is missing not ticked and named with its reason", () => {
    const proof = evidence([check()]);

    const text = comment({ kind: "proposed", pullRequest, evidence: proof, unfinished: [BAD] });

    expect(text).toContain("### Nexus: draft [#7](https://github.test/7) with a part of the work");
    expect(text).toContain("- [x] Add A (backend)\n- [ ] Add B (backend)");
    expect(text).toContain(LINE);
    expect(text).not.toContain("is kept");
  });

  it("says where the finished part is where nothing was proposed", () => {
    const red = evidence([RED]);

    const text = comment({
      kind: "checks-failed",
      evidence: red,
      corrections: 2,
      unfinished: [BAD],
    });

    expect(text).toContain(LINE);
    expect(text).toContain("is kept in the operator's record of task `72d3162e-cc78-11e3`.");
  });

  it("is called a part in the pull request, too", () => {
    const { body } = pullRequestText({
      task: task(),
      issue: { title: "Dates" },
      evidence: evidence([check()]),
      baseline: undefined,
      commits: [],
      usage: NO_USAGE,
      branch: "nexus/12",
      base: "main",
      unfinished: [BAD],
    });

    expect(body).toMatch(/^A part of the request below\. The rest is not done, so this is a draft/);
    expect(body).toContain(LINE);
  });

  it("holds no Markdown of a model's", () => {
    const hostile = { ...BAD, title: "<b>@all</b>", reason: "see #1\n- [x] done" };

    const [, list] = unfinishedText([hostile]);

    expect(list).not.toMatch(/<b>|@all|\n- \[x\]|(?<!\\)#1/);
  });

  it("names twenty and counts the others", () => {
    const [, list] = unfinishedText(Array.from({ length: 23 }, () => BAD));

    expect(list?.split("\n")).toHaveLength(21);
    expect(list).toContain("- and 3 more");
  });
});
