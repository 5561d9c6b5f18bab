import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sectionsOf } from "../../../../../src/merge/rules/changelog/sections.ts";
import { byRule, outcomeOf } from "../texts.ts";

const log = (...entries: readonly string[]) =>
  `# Changelog\n\n## Unreleased\n\n${entries.map((entry) => `- ${entry}\n`).join("")}\n## 1.0.0\n\n- First.\n`;

describe("a changelog", () => {
  it("keeps all entries of both sides, each once and in its order", () => {
    const entry = fc.stringMatching(/^[a-z]{3,8}$/).map((word) => `Says ${word}.`);
    const entries = fc.uniqueArray(entry, { maxLength: 6 });
    fc.assert(
      fc.property(entries, entries, entries, (old, mine, others) => {
        const before = old.map((text) => `Old: ${text}`);
        const ours = [...before, ...mine];
        const theirs = [...before, ...others];

        const merge = byRule("CHANGELOG.md", {
          base: log(...before),
          ours: log(...ours),
          theirs: log(...theirs),
        });

        const added = others.filter((text) => !mine.includes(text));
        expect(outcomeOf(merge)).toBe(log(...ours, ...added));
      }),
    );
  });

  it("says in which line it was changed", () => {
    const merge = byRule("docs/CHANGES.md", {
      base: log("Old."),
      ours: log("Old.", "Ours."),
      theirs: log("Old.", "Theirs."),
    });

    expect(merge.hunks).toEqual([
      {
        stage: "rule",
        line: 7,
        why: "both sides added entries, which are kept under their headings",
        confidence: "proven",
      },
    ]);
  });

  it("is merged as text where one heading stands twice", () => {
    const twice = "# A\n\n- a\n\n# A\n\n- b\n";

    const merge = byRule("NEWS.md", {
      base: twice,
      ours: twice.replace("- b", "- c"),
      theirs: twice.replace("- b", "- d"),
    });

    expect(merge.kind).toBe("conflicted");
  });
});

it.each<[string, string, string, string]>([
  ["an entry that both edited", log("Old, ours."), log("Old, theirs."), "edited the same entry"],
  [
    "an entry that one took away and one edited",
    log(),
    log("Old, theirs."),
    "edited the same entry",
  ],
  [
    "one change in two wordings",
    log("Old.", "A (#1)."),
    log("Old.", "B (#1)."),
    "in different words",
  ],
  [
    "releases without an order",
    log("Old.").replace("## 1.0.0", "## Summer\n\n- x\n\n## 1.0.0"),
    log("Old.").replace("## 1.0.0", "## 1.5\n\n- y\n\n## 1.0.0"),
    "whose order is not known",
  ],
  ["a heading that is taken away", "# Changelog\n", log("Old.", "New."), "took away a heading"],
])("%s is a conflict", (_, ...[ours, theirs, why]) => {
  const merge = byRule("CHANGELOG.md", { base: log("Old."), ours, theirs });

  expect(merge.kind).toBe("conflicted");
  expect(outcomeOf(merge)).toContain(why);
});

describe("sections", () => {
  it("are the text again, whatever it is", () => {
    const line = fc.constantFrom(
      "# A",
      "## B",
      "- x",
      "* y",
      "   z",
      "",
      "A",
      "===",
      "---",
      "```",
      "text",
      "\r",
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), fc.boolean(), (lines, isClosed) => {
        const text = lines.join("\n") + (isClosed ? "\n" : "");

        const sections = sectionsOf(text);

        const again = sections?.flatMap(({ heading, entries }) => [
          heading,
          ...entries.flatMap((entry) => [entry.text, entry.gap]),
        ]);
        expect(again?.join("") ?? text).toBe(text);
      }),
    );
  });

  it("are no headings where code shows some", () => {
    const sections = sectionsOf("# A\n\n```md\n# B\n```\n\n- c\n");

    expect(sections?.map(({ title }) => title)).toEqual(["", "a"]);
  });
});

it.each(["#".repeat(200_000), "- ".repeat(100_000), "=\n".repeat(50_000), "`".repeat(100_000)])(
  "hostile text comes to an end",
  (text) => {
    const merge = byRule("CHANGELOG.md", { base: "", ours: `${text}a\n`, theirs: `${text}b\n` });

    expect(["merged", "conflicted"]).toContain(merge.kind);
  },
);
