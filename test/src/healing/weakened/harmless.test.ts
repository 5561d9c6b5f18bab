import { describe, expect, it } from "vitest";
import { type Change, toldOf, vitestFile } from "./changes.ts";

const SUM = 'it("adds", () => { expect(sum(2, 2)).toBe(4); });';
const LESS = 'it("takes away", () => { expect(less(3, 1)).toBe(2); });';
const BOTH = vitestFile(SUM, LESS);
const A = "a.test.ts";
const B = "b.test.ts";

const CASES: readonly (readonly [string, ...Change[]])[] = [
  ["a new test", [A, vitestFile(SUM), BOTH]],
  ["a new file of tests", [A, undefined, BOTH]],
  ["a test that moved within its file", [A, BOTH, vitestFile(LESS, SUM)]],
  [
    "a test that moved to another file",
    [A, BOTH, vitestFile(SUM)],
    [B, undefined, vitestFile(LESS)],
  ],
  ["a file of tests under another name", [A, BOTH, undefined], [B, undefined, BOTH]],
  ["a test under another name", [A, BOTH, vitestFile(SUM.replace("adds", "makes sums"), LESS)]],
  [
    "a test under another name in another file",
    [A, BOTH, vitestFile(LESS)],
    [B, undefined, vitestFile(SUM.replace("adds", "makes sums"))],
  ],
  ["tests that got a group", [A, BOTH, vitestFile('describe("sums", () => {', SUM, LESS, "});")]],
  [
    "a group under another name",
    [
      A,
      vitestFile('describe("sums", () => {', SUM, LESS, "});"),
      vitestFile('describe("numbers", () => {', SUM, LESS, "});"),
    ],
  ],
  [
    "other layout",
    [
      A,
      vitestFile(SUM),
      vitestFile('it("adds", () => {', "  expect(", "    sum(2, 2),", "  ).toBe(4);", "});"),
    ],
  ],
  [
    "toBe that became toEqual",
    [A, vitestFile(SUM), vitestFile(SUM.replace("toBe(4)", "toEqual(4)"))],
  ],
  [
    "assertions that became one of the whole",
    [
      A,
      vitestFile('it("x", () => { expect(a.one).toBe(1);', "expect(a.two).toBe(2); });"),
      vitestFile('it("x", () => {', "expect(a).toEqual({ one: 1, two: 2 }); });"),
    ],
  ],
  [
    "an assertion that another one includes",
    [
      A,
      vitestFile('it("x", () => { expect(a).toBeDefined();', "expect(a.one).toBe(1); });"),
      vitestFile('it("x", () => {', "expect(a.one).toBe(1); });"),
    ],
  ],
  [
    "a test that became two",
    [
      A,
      vitestFile('it("x", () => { expect(a()).toBe(1);', "expect(b()).toBe(2); });"),
      vitestFile(
        'it("x", () => { expect(a()).toBe(1); });',
        'it("y", () => { expect(b()).toBe(2); });',
      ),
    ],
  ],
  [
    "tests that became a table",
    [
      A,
      vitestFile(
        'it("two", () => { expect(sum(2, 2)).toBe(4); });',
        'it("three", () => { expect(sum(3, 3)).toBe(6); });',
      ),
      vitestFile(
        "it.each([[2, 2, 4], [3, 3, 6]])(",
        '  "%i and %i", (a, b, c) => { expect(sum(a, b)).toBe(c); });',
      ),
    ],
  ],
  [
    "tests that became one with the same assertions",
    [
      A,
      vitestFile(
        'it("one", () => { expect(a()).toBe(1); });',
        'it("two", () => { expect(b()).toBe(2); });',
      ),
      vitestFile(
        'it("both", () => {',
        "expect(a()).toBe(1);",
        "expect(b()).toBe(2);",
        "expect(c()).toBe(3); });",
      ),
    ],
  ],
  [
    "a test that was skipped and is not any more",
    [A, vitestFile(SUM.replace("it(", "it.skip(")), vitestFile(SUM)],
  ],
  [
    "a test that stays skipped",
    [
      A,
      vitestFile(SUM.replace("it(", "it.skip("), LESS),
      vitestFile(SUM.replace("it(", "it.skip(").replace("toBe(4)", "toBe(5)"), LESS),
    ],
  ],
  [
    "a new test that is to be written",
    [A, vitestFile(SUM), vitestFile(SUM, 'it.todo("takes away");')],
  ],
  [
    "only in a string",
    [
      A,
      vitestFile(SUM),
      vitestFile(SUM, 'it("reads", () => { expect(read("it.only(1, () => {})")).toBe(1); });'),
    ],
  ],
  ["skip in a comment", [A, vitestFile(SUM), vitestFile("// it.skip would be wrong here", SUM)]],
  [
    "a test with a timeout",
    [A, vitestFile(SUM), vitestFile(SUM.replace("); });", "); }, 60_000);"))],
  ],
  [
    "a helper in another file",
    ["test/a.ts", "export function four(x) {\n  expect(x).toBe(4);\n}\n", undefined],
    ["test/b.ts", undefined, "export function four(x) {\n  expect(x).toBe(4);\n}\n"],
  ],
  ["a file of fixtures that is gone", ["test/fixtures/a.json", "{}\n", undefined]],
  ["code that is gone", ["src/a.ts", "export const a = () => expect;\n", undefined]],
  ["code that only looks like tests", ["src/a.ts", "it();\ntest('x', () => {});\n", "f();\n"]],
  [
    "Python: a test under another name",
    [
      "test_a.py",
      "def test_a():\n    assert compute(1, 2) == 1\n",
      "def test_b():\n    assert compute(1, 2) == 1\n",
    ],
  ],
  [
    "Python: tests that became parameters",
    [
      "test_a.py",
      "def test_a():\n    assert f(1) == 2\n\ndef test_b():\n    assert f(2) == 3\n",
      '@pytest.mark.parametrize("a,b", [(1, 2), (2, 3)])\ndef test_f(a, b):\n    assert f(a) == b\n',
    ],
  ],
  [
    "Python: unittest that became pytest",
    [
      "test_a.py",
      "class TestA(TestCase):\n    def test_a(self):\n        self.assertEqual(f(), 1)\n",
      "def test_a():\n    assert f() == 1\n",
    ],
  ],
  [
    "Python: skip in a docstring",
    [
      "test_a.py",
      "def test_a():\n    assert f() == 1\n",
      'def test_a():\n    """pytest.skip() is no way."""\n    assert f() == 1\n',
    ],
  ],
  [
    "Python: a marker that skips nothing",
    [
      "test_a.py",
      "def test_a():\n    assert f() == 1\n",
      "@pytest.mark.slow\ndef test_a():\n    assert f() == 1\n",
    ],
  ],
  [
    "Go: a table",
    [
      "a_test.go",
      "package a\n\nfunc TestA(t *testing.T) {\n\tif f(1) != 2 {\n\t\tt.Error(1)\n\t}\n}\n",
      "package a\n\nfunc TestA(t *testing.T) {\n\tfor _, c := range []struct{ in, out int }{{1, 2}, {2, 3}} {\n\t\tif f(c.in) != c.out {\n\t\t\tt.Error(c)\n\t\t}\n\t}\n}\n",
    ],
  ],
  [
    "Rust: code beside tests",
    [
      "src/a.rs",
      "fn f() {}\n#[test]\nfn adds() {\n    assert_eq!(sum(2, 2), 4);\n}\n",
      "fn g() {}\n#[test]\nfn adds() {\n    assert_eq!(sum(2, 2), 4);\n}\n",
    ],
  ],
  [
    "Java: JUnit 4 that became JUnit 5",
    [
      "ATest.java",
      "class ATest {\n  @Test public void adds() {\n    assertEquals(4, sum(2, 2));\n  }\n}\n",
      "class ATest {\n  @Test void adds() {\n    assertThat(sum(2, 2)).isEqualTo(4);\n  }\n}\n",
    ],
  ],
];

describe("what takes nothing away is not found", () => {
  it.each(CASES.map(([name, ...changes]) => ({ name, changes })))("$name", ({ changes }) => {
    expect(toldOf(...changes)).toEqual([]);
  });

  it("nor is a text that stays as it is", () => {
    const texts = [BOTH, vitestFile(SUM.replace("it(", "it.only("))];

    expect(texts.flatMap((text) => toldOf([A, text, text]))).toEqual([]);
  });
});
