import { describe, expect, it } from "vitest";
import { checkRunText } from "../../../src/conversation/check-run-text.ts";
import { proofsText } from "../../../src/conversation/proofs-text.ts";
import {
  expectationsText,
  isWeakened,
  weakenedText,
} from "../../../src/conversation/weakened-text.ts";
import type { Proof } from "../../../src/core/evidence.ts";
import type { Weakening } from "../../../src/core/weakening.ts";
import { check, evidence } from "./facts.ts";

const SKIPPED: Weakening = {
  path: "a.test.ts",
  line: 2,
  side: "head",
  kind: "skipped",
  text: 'it.skip("adds")',
};
const GONE: Weakening = { ...SKIPPED, side: "base", kind: "deleted-test", text: 'it("adds")' };

describe("weakened tests", () => {
  it("are listed with file and line, and whose wish they were", () => {
    expect(weakenedText(evidence([check()], { weakened: [SKIPPED, GONE] }))).toEqual([
      "### Tests that were weakened",
      "**Nobody asked for this.** The checks below are green with these changes, so green says less than it did:",
      '- `a.test.ts:2`: test skipped: `it.skip("adds")`\n- `a.test.ts:2` (before): test deleted: `it("adds")`',
    ]);
  });

  it.each([
    ["request", /^As the request asks for\./, false],
    ["plan", /^\*\*The plan of a model asks for this, the request does not\.\*\*/, true],
    [undefined, /^\*\*Nobody asked for this\.\*\*/, true],
  ] as const)("asked for by %s", (weakenedAskedBy, intro, warned) => {
    const known = evidence([check()], { weakened: [SKIPPED], weakenedAskedBy });

    expect(weakenedText(known)[1]).toMatch(intro);
    expect(isWeakened(known)).toBe(warned);
  });

  it("say nothing where there are none", () => {
    expect(weakenedText(evidence([check()]))).toEqual([]);
    expect(checkRunText(evidence([check()])).title).toBe("1 of 1 check passed");
  });

  it("stand in the title of the check run", () => {
    const { title, summary } = checkRunText(evidence([check()], { weakened: [SKIPPED] }));

    expect(title).toBe("1 of 1 check passed, with weaker tests");
    expect(summary).toContain("`a.test.ts:2`: test skipped");
  });

  it("are counted where there are many", () => {
    const weakened = Array.from({ length: 33 }, (_, line) => ({ ...SKIPPED, line: line + 1 }));
    const list = weakenedText(evidence([check()], { weakened }))
      .at(-1)
      ?.split("\n");

    expect([list?.length, list?.at(-1)]).toEqual([31, "- and 3 more"]);
  });

  it("close no code span and ping nobody", () => {
    const hostile = { ...SKIPPED, path: "a`@maria`.ts", text: "` @maria <!-- nexus --> \n# x" };

    const [, , list = ""] = weakenedText(evidence([check()], { weakened: [hostile] }));

    expect(list).toBe("- ``a`@maria`.ts:2``: test skipped: `` ` @maria <! -- nexus --> # x ``");
  });
});

describe("changed expectations", () => {
  const CHANGED: Weakening = {
    ...SKIPPED,
    kind: "changed-expectation",
    text: "expect(sum(2,2)).toBe(4) → expect(sum(2,2)).toBe(5)",
  };

  it("are told with file and line, old and new, and warn nobody", () => {
    const known = evidence([check()], { expectations: [CHANGED] });

    expect(expectationsText(known)).toEqual([
      "### Expectations that were changed",
      "These tests demand something else than on the base. That is right only where the request wants it:",
      "- `a.test.ts:2`: expects something else: `expect(sum(2,2)).toBe(4) → expect(sum(2,2)).toBe(5)`",
    ]);
    expect(isWeakened(known)).toBe(false);
    expect(checkRunText(known).title).toBe("1 of 1 check passed");
    expect(checkRunText(known).summary).toContain("### Expectations that were changed");
  });

  it("close no code span", () => {
    const hostile = { ...CHANGED, text: "` @maria → ``` <!-- x" };

    const [, , list = ""] = expectationsText(evidence([check()], { expectations: [hostile] }));

    expect(list).toBe("- `a.test.ts:2`: expects something else: ```` ` @maria → ``` <! -- x ````");
  });
});

describe("proofs", () => {
  const ran = (exitCode: number, passed: number, failed: number) => ({
    exitCode,
    ending: "exited" as const,
    tests: { format: "junit" as const, passed, failed, skipped: 0 },
  });
  const command = "npm test";
  const PROOFS: Proof[] = [
    { item: "qa", name: "t", command, kind: "red-green", base: ran(1, 1, 2), head: ran(0, 3, 0) },
    { name: "t", command, kind: "green-green", base: ran(0, 3, 0), head: ran(0, 3, 0) },
    { item: "b", name: "Test *it*", command: "", kind: "not-run", why: "The daemon is gone." },
  ];

  it("say what was run on both sides, and what of that is proven", () => {
    expect(proofsText(PROOFS)).toEqual([
      "### Red to green",
      [
        "| What is to prove it | On the base, with the tests of the head | On the head | |",
        "| --- | --- | --- | --- |",
        "| `npm test` for `qa` | exit 1, tests: 1 passed, 2 failed | exit 0, tests: 3 passed | ✅ fails on base, passes on head |",
        "| `npm test` | exit 0, tests: 3 passed | exit 0, tests: 3 passed | ⚠️ passes on both: it proves nothing new |",
        String.raw`| Test \*it\* for ${"`b`"} | not run | not run | not run: The daemon is gone. |`,
      ].join("\n"),
    ]);
  });

  it("are left out where there are none", () => {
    expect([proofsText(), proofsText([])]).toEqual([[], []]);
  });
});
