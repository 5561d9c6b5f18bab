import { describe, expect, it } from "vitest";
import { type Change, toldOf, vitestFile } from "./changes.ts";

const SUM = 'it("adds", () => { expect(sum(2, 2)).toBe(4); });';
const LESS = 'it("takes away", () => { expect(less(3, 1)).toBe(2); });';
const BOTH = vitestFile(SUM, LESS);
const scripts = (own: Record<string, string>) => JSON.stringify({ scripts: own }, null, 2);
const workflow = (...steps: string[]) =>
  ["on: [push, pull_request]", "jobs:", "  check:", "    steps:", ...steps, ""].join("\n");
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
  [
    "a test under another name with another value",
    [
      A,
      vitestFile('it("adds", () => { const all = [1, 2, 3]; expect(sum(all)).toBe(6); });'),
      vitestFile('it("sums up", () => { const all = [1, 2, 3]; expect(sum(all)).toBe(7); });'),
    ],
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
    "another value that is expected",
    [A, vitestFile(SUM), vitestFile(SUM.replace("toBe(4)", "toBe(5)"))],
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
    "more assertions of something else",
    [
      A,
      vitestFile('it("x", () => { expect(a()).toBe(1);', "expect(b()).toBe(2); });"),
      vitestFile(
        'it("x", () => { expect(c()).toBe(3);',
        "expect(d()).toBe(4);",
        "expect(e()).toBe(5); });",
      ),
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
      vitestFile(SUM.replace("it(", "it.skip("), LESS.replace("toBe(2)", "toBe(3)")),
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
  ["another runner", ["package.json", scripts({ test: "jest" }), scripts({ test: "vitest run" })]],
  [
    "another linter",
    ["package.json", scripts({ lint: "eslint ." }), scripts({ lint: "biome check ." })],
  ],
  [
    "a script under another name",
    [
      "package.json",
      scripts({ "test:unit": "vitest run", lint: "eslint ." }),
      scripts({ test: "vitest run", lint: "eslint ." }),
    ],
  ],
  [
    "a script that was split",
    [
      "package.json",
      scripts({ check: "tsc && vitest run" }),
      scripts({ check: "npm run types && vitest run", types: "tsc" }),
    ],
  ],
  [
    "more that is run",
    [
      "package.json",
      scripts({ test: "vitest run" }),
      scripts({ test: "tsc && vitest run", start: "node a.js || true" }),
    ],
  ],
  [
    "another version of a package",
    [
      "package.json",
      '{ "devDependencies": { "jest": "1.0.0" }, "scripts": { "test": "jest" } }',
      '{ "devDependencies": { "jest": "2.0.0" }, "scripts": { "test": "jest" } }',
    ],
  ],
  [
    "a step with another action",
    [
      ".github/workflows/ci.yml",
      workflow("      - uses: actions/checkout@v4", "      - run: npm test"),
      workflow("      - uses: actions/checkout@v5", "      - run: npm test"),
    ],
  ],
  [
    "steps that moved to another workflow",
    [".github/workflows/ci.yml", workflow("      - run: npm test"), undefined],
    [".github/workflows/all.yml", undefined, workflow("      - run: npm test")],
  ],
  [
    "a new workflow that goes on after errors",
    [
      ".github/workflows/spell.yml",
      undefined,
      workflow("      - run: spell", "        continue-on-error: true"),
    ],
  ],
  [
    "a higher threshold",
    [
      "vitest.config.ts",
      "export default {\n  lines: 60,\n};\n",
      "export default {\n  lines: 90,\n};\n",
    ],
  ],
  [
    "a rule that is on",
    [
      "eslint.config.js",
      "export default [{ rules: {} }];\n",
      'export default [{ rules: {\n  "no-undef": "error",\n} }];\n',
    ],
  ],
  [
    "a rule that is ignored no more",
    ["pyproject.toml", '[tool.ruff]\nignore = ["E1", "F8"]\n', '[tool.ruff]\nignore = ["E1"]\n'],
  ],
  [
    "a comment that moved",
    [
      "src/a.ts",
      "// eslint-disable-next-line x\nf();\ng();\n",
      "g();\n// eslint-disable-next-line x\nf();\n",
    ],
  ],
  ["a comment that is gone", ["src/a.ts", "// @ts-ignore\nf();\n", "f();\n"]],
  [
    "the words of a comment in a string",
    ["src/a.ts", "f();\n", 'f("// eslint-disable-next-line x");\n'],
  ],
  [
    "a test of types",
    [
      "a.test.ts",
      vitestFile(SUM),
      vitestFile(
        SUM,
        'it("takes no text", () => {',
        "  // @ts-expect-error",
        '  expect(() => sum("a")).toThrow();',
        "});",
      ),
    ],
  ],
  [
    "code that a program made",
    ["src/gen.ts", undefined, "/* eslint-disable */\n// DO NOT EDIT: generated\nf();\n"],
  ],
  [
    "words about tests",
    ["README.md", "Tests: `npm test`\n", "Run `npm test || true` or skip it.\n"],
  ],
  [
    "a snapshot that was written anew",
    ["test/__snapshots__/a.test.ts.snap", "exports[`a 1`] = `1`;\n", "exports[`a 1`] = `2`;\n"],
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
