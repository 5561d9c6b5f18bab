import { expect, it } from "vitest";
import { mergeTrees } from "../../../../src/merge/merge-trees.ts";
import { createSyntax } from "../../../../src/syntax/create-syntax.ts";
import { mergePlace } from "../../git/merge-place.ts";
import type { Files } from "../../git/sample-repository.ts";

const place = mergePlace();
const KEEP = { keep: "" };

async function merged(ours: Files, theirs: Files, base: Files = {}) {
  const { mirror, tree } = place();
  const of = (files: Files) => tree({ ...KEEP, ...files });
  const sides = { base: of(base), ours: of(ours), theirs: of(theirs) };
  return mergeTrees(sides, { mirror, syntax: await createSyntax() });
}

it.each([
  ["files", "a/Read.md", "a/read.md", ["a/Read.md", "a/read.md"]],
  ["folders", "Lib/a.ts", "lib/b.ts", ["Lib", "lib"]],
  ["composed letters", "\u00fc.txt", "u\u0308.txt", ["u\u0308.txt", "\u00fc.txt"]],
])(
  "two spellings of one name, one by each side, are a person's: %s",
  async (...[, one, two, stuck]) => {
    expect(await merged({ [one]: "1\n" }, { [two]: "2\n" })).toMatchObject({
      kind: "conflicted",
      stuck,
    });
  },
);

it("spellings that a side has itself, or that only changed, are not", async () => {
  const both = { "Read.md": "1\n", "read.md": "2\n" };

  expect((await merged(both, {})).kind).toBe("merged");
  expect((await merged(both, { "x.md": "" }, both)).kind).toBe("merged");
  expect(
    (await merged({ "read.md": "1\n" }, { "Read.md": "1\n" }, { "Read.md": "1\n" })).kind,
  ).toBe("merged");
});
