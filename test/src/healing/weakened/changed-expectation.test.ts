import { describe, expect, it } from "vitest";
import { type Change, findingsOf, vitestFile } from "./changes.ts";

const SUM = 'it("adds", () => { expect(sum(2, 2)).toBe(4); });';
const A = "a.test.ts";
const shownOf = (...changes: readonly Change[]) =>
  findingsOf(...changes).map(({ kind, path, line, text }) => [kind, `${path}:${line}`, text]);

describe("what a test of the base demands and the head does not is shown, old and new", () => {
  it.each<readonly [string, Change, readonly [where: string, text: string]]>([
    [
      "another value",
      [A, vitestFile(SUM), vitestFile(SUM.replace("toBe(4)", "toBe(5)"))],
      ["a.test.ts:2", "expect(sum(2,2)).toBe(4) → expect(sum(2,2)).toBe(5)"],
    ],
    [
      "another value in a test under another name",
      [
        A,
        vitestFile('it("adds", () => { const all = [1, 2, 3]; expect(sum(all)).toBe(6); });'),
        vitestFile('it("sums up", () => { const all = [1, 2, 3]; expect(sum(all)).toBe(7); });'),
      ],
      ["a.test.ts:2", "expect(sum(all)).toBe(6) → expect(sum(all)).toBe(7)"],
    ],
    [
      "another value in a variable",
      [
        A,
        vitestFile('it("x", () => { const answer = "yes"; expect(f()).toBe(answer); });'),
        vitestFile('it("x", () => { const answer = "no"; expect(f()).toBe(answer); });'),
      ],
      ["a.test.ts:2", '"yes" → "no"'],
    ],
    [
      "another row of a table",
      [
        A,
        vitestFile('it.each([[1, 2]])("x %i", (a, b) => { expect(f(a)).toBe(b); });'),
        vitestFile('it.each([[1, 3]])("x %i", (a, b) => { expect(f(a)).toBe(b); });'),
      ],
      ["a.test.ts:2", "2 → 3"],
    ],
    [
      "another value in Python",
      ["test_a.py", "def test_a():\n    assert f() == 1\n", "def test_a():\n    assert f() == 2\n"],
      ["test_a.py:2", "assert f()== 1 → assert f()== 2"],
    ],
    [
      "another condition in Go",
      [
        "a_test.go",
        "package a\n\nfunc TestA(t *testing.T) {\n\tif f() != 1 {\n\t\tt.Error(f())\n\t}\n}\n",
        "package a\n\nfunc TestA(t *testing.T) {\n\tif f() != 2 {\n\t\tt.Error(f())\n\t}\n}\n",
      ],
      ["a_test.go:5", "if f()!= 1{t.Error(f()) → if f()!= 2{t.Error(f())"],
    ],
  ])("%s", (_name, change, told) => {
    expect(shownOf(change)).toEqual([["changed-expectation", ...told]]);
  });

  it("each of several, also where more are demanded than before", () => {
    const before = vitestFile('it("x", () => { expect(a()).toBe(1);', "expect(b()).toBe(2); });");
    const now = vitestFile(
      'it("x", () => { expect(a()).toBe(3);',
      "expect(b()).toBe(4);",
      "expect(e()).toBe(5); });",
    );

    expect(shownOf([A, before, now])).toEqual([
      ["changed-expectation", "a.test.ts:2", "expect(a()).toBe(1) → expect(a()).toBe(3)"],
      ["changed-expectation", "a.test.ts:3", "expect(b()).toBe(2) → expect(b()).toBe(4)"],
    ]);
  });

  it("cut where it is long, both of them", () => {
    const long = (letter: string) =>
      `it("x", () => { expect(f()).toBe("${letter.repeat(500)}"); });`;

    const [[, , text = ""] = []] = shownOf([A, vitestFile(long("a")), vitestFile(long("b"))]);

    expect(text).toMatch(/^expect.*a{100,}… → expect.*b{100,}…$/);
    expect(text.length).toBeLessThanOrEqual(300);
  });
});
