import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { diff } from "../../../../src/merge/text/diff.ts";

describe("the difference of two sequences", () => {
  it.each<[string, [string, string], number[][]]>([
    ["nothing", ["abc", "abc"], []],
    ["an insertion", ["ac", "abc"], [[1, 1, 1, 2]]],
    ["a deletion", ["abc", "ac"], [[1, 2, 1, 1]]],
    ["a replacement", ["abc", "axc"], [[1, 2, 1, 2]]],
    ["everything", ["ab", "xyz"], [[0, 2, 0, 3]]],
    ["from nothing", ["", "ab"], [[0, 0, 0, 2]]],
    ["to nothing", ["ab", ""], [[0, 2, 0, 0]]],
    ["a repeated block, at its last place as in git", ["axbx", "axbxcx"], [[4, 4, 4, 6]]],
    ["one more of a run, at its end", ["aaab", "aaaab"], [[3, 3, 3, 4]]],
    // A shortest diff would keep the braces and tear the functions apart.
    ["around what stands once", ["}{A}{", "}{B}{A}{"], [[2, 2, 2, 5]]],
  ])("is %s", (_name, [base, other], edits) => {
    expect(diff(items(base), items(other)).map(flat)).toEqual(edits);
  });

  it("turns the one into the other, for any sequences", () => {
    const sequence = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 40 });
    fc.assert(
      fc.property(sequence, sequence, (base, other) => {
        expect(applied(base, other)).toEqual(other);
      }),
      { seed: 7, numRuns: 2_000 },
    );
  });

  it("never pairs an edit with the one right after it", () => {
    const sequence = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 30 });
    fc.assert(
      fc.property(sequence, sequence, (base, other) => {
        const edits = diff(Int32Array.from(base), Int32Array.from(other));
        for (const [at, edit] of edits.entries()) {
          const next = edits[at + 1];
          if (next !== undefined) expect(next.baseStart).toBeGreaterThan(edit.baseEnd);
        }
      }),
      { seed: 8, numRuns: 1_000 },
    );
  });

  it("comes to an end where 20,000 items of few kinds have nothing in common in order", () => {
    const base = Int32Array.from({ length: 20_000 }, (_, at) => at % 7);
    const other = Int32Array.from({ length: 20_000 }, (_, at) => (at * at) % 11);

    const edits = diff(base, other);

    expect(edits.length).toBeGreaterThan(1);
  });
});

function items(text: string): Int32Array {
  return Int32Array.from(text, (sign) => sign.charCodeAt(0));
}

function flat(edit: ReturnType<typeof diff>[number]): number[] {
  return [edit.baseStart, edit.baseEnd, edit.start, edit.end];
}

function applied(base: readonly number[], other: readonly number[]): number[] {
  const result = [...base];
  const edits = diff(Int32Array.from(base), Int32Array.from(other));
  for (const { baseStart, baseEnd, start, end } of [...edits].reverse()) {
    result.splice(baseStart, baseEnd - baseStart, ...other.slice(start, end));
  }
  return result;
}
