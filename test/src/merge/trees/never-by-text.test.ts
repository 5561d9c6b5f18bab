import { describe, expect, it } from "vitest";
import { mergeTrees } from "../../../../src/merge/merge-trees.ts";
import { createSyntax } from "../../../../src/syntax/create-syntax.ts";
import { lines, mergePlace } from "../../git/merge-place.ts";
import type { Files } from "../../git/sample-repository.ts";

const place = mergePlace();

async function merged(around: Files, path: string, sides: Readonly<Record<Side, string>>) {
  const { mirror, tree } = place();
  const of = (side: Side) => tree({ ...around, [path]: sides[side] });
  const three = { base: of("base"), ours: of("ours"), theirs: of("theirs") };
  return mergeTrees(three, { mirror, syntax: await createSyntax() });
}
type Side = "base" | "ours" | "theirs";

/** git joins these, */
const APART = { base: lines(), ours: lines({ 1: "one" }), theirs: lines({ 9: "nine" }) };
/** and Nexus these. */
const CLOSE = { base: lines(), ours: lines({ 4: "four" }), theirs: lines({ 5: "five" }) };

describe("a text that the repository wants merged by nobody is a person's", () => {
  it.each([
    ["-merge", "data.txt -merge"],
    ["binary", "*.txt text\n*.txt binary"],
    ["merge=binary", "/some/data.txt merge=binary"],
  ])("by %s, where git joined it and where it did not", async (_name, said) => {
    for (const sides of [APART, CLOSE]) {
      const result = await merged({ ".gitattributes": `${said}\n` }, "some/data.txt", sides);

      expect(result).toMatchObject({
        kind: "conflicted",
        stuck: ["some/data.txt"],
        unsettled: [],
        files: [{ path: "some/data.txt", kind: "conflicted" }],
      });
    }
  });

  it.each([
    ["of other files", "*.bin binary"],
    ["taken back further down", "* -merge\n*.txt merge"],
    ["about lines and ends alone", "*.txt -text eol=crlf -diff"],
    ["naming a driver that only a person's git has", "*.txt merge=ours"],
    ["asking for everything of both", "*.txt merge=union"],
  ])("but attributes %s change nothing", async (_name, said) => {
    for (const sides of [APART, CLOSE]) {
      const result = await merged({ ".gitattributes": `${said}\n` }, "some/data.txt", sides);

      expect(result.kind).toBe("merged");
    }
  });
});

describe("a text that stands for something else as a whole is a person's", () => {
  const pointer = (digit: string, size: number) =>
    `version https://git-lfs.github.com/spec/v1\noid sha256:${digit.repeat(64)}\nsize ${size}\n`;
  const vault = (digit: string) =>
    `$ANSIBLE_VAULT;1.1;AES256\n${`${digit.repeat(80)}\n`.repeat(3)}`;

  const cases = [
    ["a pointer to LFS", { base: pointer("a", 1), ours: pointer("b", 2), theirs: pointer("c", 2) }],
    ["a file that one side put into LFS", { base: "a\n", ours: "b\n", theirs: pointer("c", 2) }],
    ["a vault", { base: vault("1"), ours: vault("2"), theirs: vault("3") }],
  ] as const;

  it.each(cases)("%s", async (_name, sides) => {
    expect(await merged({}, "data.csv", sides)).toMatchObject({
      kind: "conflicted",
      stuck: ["data.csv"],
      unsettled: [],
    });
  });
});
