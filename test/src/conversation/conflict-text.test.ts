import { describe, expect, it } from "vitest";
import { leftConflictsText } from "../../../src/conversation/conflict-text.ts";
import { sideDiff } from "../../../src/conversation/side-diff.ts";
import type { LeftConflict } from "../../../src/core/left-conflict.ts";
import { seeded } from "../core/seeded.ts";
import { attack } from "./attacks.ts";

const PLACE = { line: 7, before: "a\nb\nc\n", ours: "a\nB\nc\n", theirs: "a\nb2\nc\n" };
const CONFLICT: LeftConflict = {
  path: "src/a.ts",
  why: "both sides changed the same lines",
  places: [PLACE],
  ours: ["Shout"],
  theirs: ["Count"],
  proposals: [],
};

describe("a conflict that is left says", () => {
  it("what each side made of the lines before, and what each side wanted", () => {
    expect(leftConflictsText([CONFLICT]).join("\n\n")).toBe(`#### \`src/a.ts\`

both sides changed the same lines

- This pull request: Shout
- Its base: Count

Line 7. What this pull request made of it:

\`\`\`diff
 a
-b
+B
 c
\`\`\`

What its base made of it:

\`\`\`diff
 a
-b
+b2
 c
\`\`\``);
  });

  it("what was offered, by whom, and why it was not taken", () => {
    const proposals = [
      { stage: "remembered", why: "It does not parse.", text: "``` x\n" },
      { stage: "model", why: "The model leaves it to people: @ada knows." },
    ] as const;

    const text = leftConflictsText([{ ...CONFLICT, proposals: [...proposals] }]).join("\n\n");

    expect(text).toContain(
      "Offered by an earlier resolution, and not taken: It does not parse.\n\n````text\n``` x\n````",
    );
    expect(text).toContain("The model leaves it to people: @&#8203;ada knows.");
  });

  it("how much of it is left out", () => {
    const long = { ...PLACE, ours: "x".repeat(199).concat("\n").repeat(60) };
    const file = { ...CONFLICT, places: Array.from({ length: 10 }, () => long), morePlaces: 5 };

    const parts = leftConflictsText([file, CONFLICT, file]);

    expect(parts.join("\n\n").length).toBeLessThanOrEqual(20_100);
    expect(parts.join("\n\n")).toContain("+… 36 more lines");
    expect(parts.at(-1)).toMatch(/^Left out here: \d+ conflicts\.$/);
  });

  it("how many files are left out", () => {
    const many = Array.from({ length: 500 }, () => CONFLICT);

    const parts = leftConflictsText(many);

    expect(parts.at(-1)).toMatch(/^Left out here: 4\d\d files/);
    expect(parts.join("\n\n").length).toBeLessThanOrEqual(20_100);
  });

  it("nothing where nothing is left", () => {
    expect(leftConflictsText([])).toEqual([]);
  });

  it("only that, whatever stands in paths, titles and code", () => {
    const random = seeded(404);
    for (let round = 0; round < 200; round++) {
      const hostile = () => attack(random);
      const text = leftConflictsText([
        {
          path: hostile(),
          why: hostile(),
          places: [{ line: 1, before: hostile(), ours: hostile(), theirs: hostile() }],
          ours: [hostile()],
          theirs: [hostile()],
          proposals: [{ stage: "model", why: hostile(), text: hostile() }],
        },
      ]).join("\n\n");

      const outside = text
        .replaceAll(/^(`{3,})(?:text|diff)\n[\s\S]*?\n\1$/gm, "")
        .replaceAll(/(?<![\\`])(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/g, "");
      expect(text).not.toContain("<!--");
      expect(outside).not.toMatch(/@\w|:\/\/|<|^# /m);
    }
  });
});

describe("the diff of a side", () => {
  it.each([
    ["added lines", ["a\n", "a\nb\n"], " a\n+b"],
    ["deleted lines", ["a\nb\n", "a\n"], " a\n-b"],
    ["all new lines", ["", "a\nb\n"], "+a\n+b"],
    ["nothing left", ["a\n", ""], "-a"],
    ["nothing changed", ["a\n", "a\n"], " (as it was)"],
    ["nothing at all", ["", ""], " (as it was)"],
    ["no end of the last line", ["a", "b"], "-a\n+b"],
    ["line ends only", ["a\r\n", "a\n"], " (as it was)"],
    ["repeated lines", ["a\na\n", "a\na\na\n"], " a\n a\n+a"],
    ["three lines around", ["1\n2\n3\n4\nx\n5\n", "1\n2\n3\n4\ny\n5\n"], " 2\n 3\n 4\n-x\n+y\n 5"],
  ] as const)("shows %s", (_what, [before, after], diff) => {
    expect(sideDiff(before, after)).toBe(diff);
  });
});
