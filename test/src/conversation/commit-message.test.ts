import { describe, expect, it } from "vitest";
import { commitMessage } from "../../../src/conversation/commit-message.ts";
import { seeded } from "../core/seeded.ts";
import { attack } from "./attacks.ts";
import { task } from "./facts.ts";

describe("commitMessage()", () => {
  it("says what, for which request, and by whose wish", () => {
    expect(commitMessage(task(), "Add the parser")).toBe(`feat: add the parser

Asked for in #12: add a parser for dates

Nexus-Task: 72d3162e-cc78-11e3
Requested-by: ada
Co-authored-by: ada <ada@users.noreply.github.com>
`);
  });

  const subjects: readonly (readonly [string, string])[] = [
    ["Fix the off-by-one", "fix: fix the off-by-one"],
    ["Document the parser", "docs: document the parser"],
    ["Test the parser", "test: test the parser"],
    ["Rename foo", "refactor: rename foo"],
    ["API for dates", "feat: API for dates"],
    ["feat(parser): add it", "feat(parser): add it"],
    ["", "feat: change what was asked for"],
    ["fixes #1 [skip ci]\n\nSigned-off-by: x", "fix: fixes # 1 (skip ci) Signed-off-by: x"],
  ];

  it.each(subjects)("%j begins with %j", (title, subject) => {
    expect(commitMessage(task(), title).split("\n")[0]).toBe(subject);
  });

  it("names nobody whose name is not one of the platform's", () => {
    const message = commitMessage(task({ requestedBy: "eve\nCo-authored-by: x <x@x>" }), "Add it");

    expect(message).not.toMatch(/-by:/);
  });

  it("ends with our trailers alone and closes nothing, whatever is asked", () => {
    const random = seeded(41);
    for (let round = 0; round < 1_000; round++) {
      const message = commitMessage(task({ request: attack(random) }), attack(random));
      const [subject = "", ...rest] = message.split("\n");

      expect(subject.length).toBeLessThanOrEqual(72);
      expect(message.split("\n\n").at(-1)?.match(/^\S+:/gm)).toEqual([
        "Nexus-Task:",
        "Requested-by:",
        "Co-authored-by:",
      ]);
      expect(`${subject} ${rest.join(" ").replace("Asked for in #12", "")}`).not.toMatch(
        /#\d|(?<![a-z0-9])gh-\d|[a-z] @\w|\[skip ci\]|<!--/i,
      );
      expect(message.match(/<\S+@\S+>/g)).toEqual(["<ada@users.noreply.github.com>"]);
    }
  });
});
