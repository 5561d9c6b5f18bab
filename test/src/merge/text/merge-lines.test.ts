import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mergeLines } from "../../../../src/merge/text/merge-lines.ts";

describe("merging by lines", () => {
  it.each<[string, [string, string, string, string]]>([
    ["far apart", ["a\nb\nc\n", "A\nb\nc\n", "a\nb\nC\n", "A\nb\nC\n"]],
    ["the same on both sides", ["a\nb\n", "a\nx\n", "a\nx\n", "a\nx\n"]],
    ["a deletion and an edit elsewhere", ["a\nb\nc\n", "b\nc\n", "a\nb\nC\n", "b\nC\n"]],
    ["added at both ends", ["m\nn\n", "a\nm\nn\n", "m\nn\nz\n", "a\nm\nn\nz\n"]],
  ])("takes both sides' edits: %s", (_name, [base, ours, theirs, result]) => {
    const { chunks } = mergeLines({ base, ours, theirs });

    expect(chunks.every((chunk) => chunk.kind === "settled")).toBe(true);
    expect(chunks.map((chunk) => (chunk.kind === "settled" ? chunk.text : "?")).join("")).toBe(
      result,
    );
  });

  it.each<[string, [string, string, string], [string, string, string]]>([
    ["the same line", ["a\nb\nc\n", "a\nO\nc\n", "a\nT\nc\n"], ["b\n", "O\n", "T\n"]],
    ["lines that touch", ["a\nb\nc\n", "A\nb\nc\n", "a\nB\nc\n"], ["a\nb\n", "A\nb\n", "a\nB\n"]],
    ["insertions at one place", ["a\nb\n", "a\nO\nb\n", "a\nT\nb\n"], ["", "O\n", "T\n"]],
    ["an edit and a deletion", ["a\nb\nc\n", "a\nc\n", "a\nB\nc\n"], ["b\n", "", "B\n"]],
    ["a last line that lost its end", ["a\nb\n", "a\nb", "a\nB\n"], ["b\n", "b", "B\n"]],
  ])("finds a conflict: %s", (_name, [base, ours, theirs], [inBase, inOurs, inTheirs]) => {
    const { chunks } = mergeLines({ base, ours, theirs });

    expect(chunks.filter((chunk) => chunk.kind === "conflict")).toEqual([
      { kind: "conflict", base: inBase, ours: inOurs, theirs: inTheirs },
    ]);
  });

  it("finds the same places whichever side is called ours", () => {
    const text = fc
      .array(fc.constantFrom("a", "b", "}", "", "x\r"), { maxLength: 20 })
      .map((lines) => lines.join("\n"));
    fc.assert(
      fc.property(text, text, text, (base, ours, theirs) => {
        const turned = mergeLines({ base, ours: theirs, theirs: ours }).chunks;

        expect(
          turned.map((chunk) =>
            chunk.kind === "conflict"
              ? { ...chunk, ours: chunk.theirs, theirs: chunk.ours }
              : chunk,
          ),
        ).toEqual(mergeLines({ base, ours, theirs }).chunks);
        const [first] = mergeLines({ base: "", ours, theirs }).chunks;
        if (ours !== theirs && ours !== "" && theirs !== "") {
          expect(first).toEqual({ kind: "conflict", base: "", ours, theirs });
        }
      }),
      { seed: 9, numRuns: 500 },
    );
  });
});
