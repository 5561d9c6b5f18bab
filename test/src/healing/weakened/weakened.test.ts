import { describe, expect, it } from "vitest";
import { type Change, findingsOf, toldOf, vitestFile } from "./changes.ts";

const SUM = 'it("adds", () => { expect(sum(2, 2)).toBe(4); });';
const LESS = 'it("takes away", () => { expect(less(3, 1)).toBe(2); });';
const scripts = (own: Record<string, string>) => JSON.stringify({ scripts: own }, null, 2);
const workflow = (...steps: string[]) =>
  ["on: [push, pull_request]", "jobs:", "  check:", "    steps:", ...steps, ""].join("\n");
const RUN_ALL = ["      - run: npm ci", "      - run: npm test", "      - run: npm run lint"];
const A = "a.test.ts";

describe("what makes tests prove less is found", () => {
  it.each<readonly [string, readonly Change[], readonly string[]]>([
    [
      "a test file that is gone",
      [[A, vitestFile(SUM, LESS), undefined]],
      ["deleted-test-file base a.test.ts:1"],
    ],
    [
      "a test that is gone",
      [[A, vitestFile(SUM, LESS), vitestFile(LESS)]],
      ["deleted-test base a.test.ts:2"],
    ],
    [
      "a test that is commented out",
      [[A, vitestFile(SUM, LESS), vitestFile(`// ${SUM}`, LESS)]],
      ["deleted-test base a.test.ts:2"],
    ],
    [
      "a test of which only another one's name is left",
      [
        [
          A,
          vitestFile(SUM, LESS),
          vitestFile('it("says hello", () => { expect(hello()).toBe("hi"); });', LESS),
        ],
      ],
      ["deleted-test base a.test.ts:2"],
    ],
    [
      "it.skip",
      [[A, vitestFile(SUM), vitestFile(SUM.replace("it(", "it.skip("))]],
      ["skipped head a.test.ts:2"],
    ],
    [
      "it.todo",
      [[A, vitestFile(SUM), vitestFile('it.todo("adds");')]],
      ["skipped head a.test.ts:2"],
    ],
    ["xit", [[A, vitestFile(SUM), vitestFile(`x${SUM}`)]], ["skipped head a.test.ts:2"]],
    [
      "describe.skip",
      [
        [
          A,
          vitestFile('describe("s", () => {', SUM, LESS, "});"),
          vitestFile('describe.skip("s", () => {', SUM, LESS, "});"),
        ],
      ],
      ["skipped head a.test.ts:2"],
    ],
    [
      "skip as an option of node:test",
      [
        [
          A,
          'test("adds", () => { assert.equal(sum(2, 2), 4); });\n',
          'test("adds", { skip: true }, () => { assert.equal(sum(2, 2), 4); });\n',
        ],
      ],
      ["skipped head a.test.ts:1"],
    ],
    [
      "a test that skips itself",
      [
        [
          A,
          'test("adds", (t) => { assert.equal(sum(2, 2), 4); });\n',
          'test("adds", (t) => {\n  t.skip();\n  assert.equal(sum(2, 2), 4);\n});\n',
        ],
      ],
      ["skipped head a.test.ts:2"],
    ],
    [
      "it.fails",
      [[A, vitestFile(SUM), vitestFile(SUM.replace("it(", "it.fails("))]],
      ["skipped head a.test.ts:2"],
    ],
    [
      "it.only",
      [[A, vitestFile(SUM, LESS), vitestFile(SUM.replace("it(", "it.only("), LESS)]],
      ["narrowed-run head a.test.ts:2"],
    ],
    [
      "a new test with only",
      [[A, vitestFile(SUM), vitestFile(SUM, LESS.replace("it(", "it.only("))]],
      ["narrowed-run head a.test.ts:3"],
    ],
    [
      "fdescribe",
      [[A, `describe("s", () => {\n${SUM}\n});\n`, `fdescribe("s", () => {\n${SUM}\n});\n`]],
      ["narrowed-run head a.test.ts:1"],
    ],
    [
      "an assertion that is gone",
      [
        [
          A,
          vitestFile('it("x", () => { expect(a()).toBe(1);', "expect(b()).toBe(2); });"),
          vitestFile('it("x", () => { expect(a()).toBe(1);', "b(); });"),
        ],
      ],
      ["weakened-assertion base a.test.ts:3"],
    ],
    [
      "an assertion that is commented out",
      [
        [
          A,
          vitestFile('it("x", () => {', "expect(a()).toBe(1);", "expect(b()).toBe(2); });"),
          vitestFile('it("x", () => {', "expect(a()).toBe(1);", "// expect(b()).toBe(2);", "});"),
        ],
      ],
      ["weakened-assertion base a.test.ts:4"],
    ],
    [
      "toBe that became toBeDefined",
      [[A, vitestFile(SUM), vitestFile(SUM.replace("toBe(4)", "toBeDefined()"))]],
      ["weakened-assertion head a.test.ts:2"],
    ],
    [
      "toEqual that became toBeTruthy",
      [
        [
          A,
          vitestFile('it("x", () => {', "expect(a()).toEqual([1]); });"),
          vitestFile('it("x", () => {', "expect(a()).toBeTruthy(); });"),
        ],
      ],
      ["weakened-assertion head a.test.ts:3"],
    ],
    [
      "an assertion of nothing",
      [[A, vitestFile(SUM), vitestFile('it("adds", () => { expect(true).toBe(true); });')]],
      ["weakened-assertion head a.test.ts:2"],
    ],
    [
      "a test without a body",
      [[A, vitestFile(SUM), vitestFile('it("adds", () => {});')]],
      ["emptied head a.test.ts:2"],
    ],
    [
      "a test that returns at once",
      [
        [
          A,
          vitestFile(SUM),
          vitestFile('it("adds", () => { return; expect(sum(2, 2)).toBe(4); });'),
        ],
      ],
      ["emptied head a.test.ts:2"],
    ],
    [
      "a helper that demands nothing any more",
      [
        [
          "test/helper.ts",
          "export function isFour(x) {\n  expect(x).toBe(4);\n}\n",
          "export function isFour(x) {\n}\n",
        ],
      ],
      ["weakened-assertion base test/helper.ts:2"],
    ],
    [
      "pytest.mark.skip",
      [
        [
          "test_a.py",
          "def test_a():\n    assert f() == 1\n",
          "@pytest.mark.skip\ndef test_a():\n    assert f() == 1\n",
        ],
      ],
      ["skipped head test_a.py:2"],
    ],
    [
      "pytest.mark.xfail",
      [
        [
          "test_a.py",
          "def test_a():\n    assert f() == 1\n",
          '@pytest.mark.xfail(reason="x")\ndef test_a():\n    assert f() == 1\n',
        ],
      ],
      ["skipped head test_a.py:2"],
    ],
    [
      "unittest.skip in a class",
      [
        [
          "test_a.py",
          "class TestA(TestCase):\n    def test_a(self):\n        self.assertEqual(f(), 1)\n",
          "class TestA(TestCase):\n    @unittest.skip\n    def test_a(self):\n        self.assertEqual(f(), 1)\n",
        ],
      ],
      ["skipped head test_a.py:3"],
    ],
    [
      "pytest.skip in the body",
      [
        [
          "test_a.py",
          "def test_a():\n    assert f() == 1\n",
          'def test_a():\n    pytest.skip("later")\n    assert f() == 1\n',
        ],
      ],
      ["skipped head test_a.py:2"],
    ],
    [
      "pytestmark over a file",
      [
        [
          "test_a.py",
          "def test_a():\n    assert f() == 1\n",
          "pytestmark = pytest.mark.skip\ndef test_a():\n    assert f() == 1\n",
        ],
      ],
      ["skipped head test_a.py:1"],
    ],
    [
      "a Python test that is not called one any more",
      [
        [
          "test_a.py",
          "def test_a():\n    assert f() == 1\n",
          "def no_test_a():\n    assert f() == 1\n",
        ],
      ],
      ["deleted-test base test_a.py:1"],
    ],
    [
      "pass instead of a body",
      [["test_a.py", "def test_a():\n    assert f() == 1\n", "def test_a():\n    pass\n"]],
      ["emptied head test_a.py:1"],
    ],
    [
      "assert True",
      [
        [
          "test_a.py",
          "def test_a():\n    assert f() == 1\n",
          "def test_a():\n    f()\n    assert True\n",
        ],
      ],
      ["weakened-assertion head test_a.py:3"],
    ],
    [
      "assert that became one of truth",
      [["test_a.py", "def test_a():\n    assert f() == 1\n", "def test_a():\n    assert f()\n"]],
      ["weakened-assertion head test_a.py:2"],
    ],
    [
      "a Go test that skips",
      [
        [
          "a_test.go",
          "package a\n\nfunc TestA(t *testing.T) {\n\tif f() != 1 {\n\t\tt.Error(f())\n\t}\n}\n",
          'package a\n\nfunc TestA(t *testing.T) {\n\tt.Skip("later")\n\tif f() != 1 {\n\t\tt.Error(f())\n\t}\n}\n',
        ],
      ],
      ["skipped head a_test.go:4"],
    ],
    [
      "a Go test that is gone",
      [
        [
          "a_test.go",
          "package a\n\nfunc TestA(t *testing.T) {\n\tif f() != 1 {\n\t\tt.Error(f())\n\t}\n}\n\nfunc TestB(t *testing.T) {\n\tt.Log(g())\n}\n",
          "package a\n\nfunc TestB(t *testing.T) {\n\tt.Log(g())\n}\n",
        ],
      ],
      ["deleted-test base a_test.go:3"],
    ],
    [
      "a Go file that is not built",
      [
        [
          "a_test.go",
          "package a\n\nfunc TestA(t *testing.T) {\n\tt.Error(f())\n}\n",
          "//go:build never\n\npackage a\n\nfunc TestA(t *testing.T) {\n\tt.Error(f())\n}\n",
        ],
      ],
      ["skipped head a_test.go:1"],
    ],
    [
      "#[ignore]",
      [
        [
          "src/a.rs",
          "#[test]\nfn adds() {\n    assert_eq!(sum(2, 2), 4);\n}\n",
          "#[test]\n#[ignore]\nfn adds() {\n    assert_eq!(sum(2, 2), 4);\n}\n",
        ],
      ],
      ["skipped head src/a.rs:3"],
    ],
    [
      "a Rust test beside its code that is gone",
      [
        [
          "src/a.rs",
          "fn sum() {}\n#[test]\nfn adds() {\n    assert_eq!(sum(2, 2), 4);\n}\n",
          "fn sum() {}\n",
        ],
      ],
      ["deleted-test base src/a.rs:3"],
    ],
    [
      "assert!(true)",
      [
        [
          "src/a.rs",
          "#[test]\nfn adds() {\n    assert_eq!(sum(2, 2), 4);\n}\n",
          "#[test]\nfn adds() {\n    assert!(true);\n}\n",
        ],
      ],
      ["weakened-assertion head src/a.rs:3"],
    ],
    [
      "@Disabled",
      [
        [
          "ATest.java",
          "class ATest {\n  @Test\n  void adds() {\n    assertEquals(4, sum(2, 2));\n  }\n}\n",
          "class ATest {\n  @Test\n  @Disabled\n  void adds() {\n    assertEquals(4, sum(2, 2));\n  }\n}\n",
        ],
      ],
      ["skipped head ATest.java:2"],
    ],
    [
      "a JUnit test without its annotation",
      [
        [
          "ATest.java",
          "class ATest {\n  @Test\n  void adds() {\n    assertEquals(4, sum(2, 2));\n  }\n}\n",
          "class ATest {\n  void adds() {\n    assertEquals(4, sum(2, 2));\n  }\n}\n",
        ],
      ],
      ["deleted-test base ATest.java:2"],
    ],
    [
      "assertNotNull instead of assertEquals",
      [
        [
          "ATest.java",
          "class ATest {\n  @Test void adds() {\n    assertEquals(4, sum(2, 2));\n  }\n}\n",
          "class ATest {\n  @Test void adds() {\n    assertNotNull(sum(2, 2));\n  }\n}\n",
        ],
      ],
      ["weakened-assertion head ATest.java:3"],
    ],
    [
      "an RSpec example that is pending",
      [
        [
          "spec/a_spec.rb",
          'describe "A" do\n  it "adds" do\n    expect(sum(2, 2)).to eq(4)\n  end\nend\n',
          'describe "A" do\n  xit "adds" do\n    expect(sum(2, 2)).to eq(4)\n  end\nend\n',
        ],
      ],
      ["skipped head spec/a_spec.rb:2"],
    ],
    [
      "a PHPUnit test that is gone",
      [
        [
          "tests/ATest.php",
          "<?php\nclass ATest {\n  public function testAdds() { $this->assertSame(4, sum(2, 2)); }\n  public function testMore() { $this->assertSame(3, sum(2, 1)); }\n}\n",
          "<?php\nclass ATest {\n  public function testMore() { $this->assertSame(3, sum(2, 1)); }\n}\n",
        ],
      ],
      ["deleted-test base tests/ATest.php:3"],
    ],
    [
      "a test script that runs nothing",
      [["package.json", scripts({ test: "vitest run" }), scripts({ test: "echo ok" })]],
      ["narrowed-run head package.json:3"],
    ],
    [
      "|| true in a script",
      [["package.json", scripts({ test: "vitest run" }), scripts({ test: "vitest run || true" })]],
      ["narrowed-run head package.json:3"],
    ],
    [
      "a script that lost a command",
      [
        [
          "package.json",
          scripts({ check: "tsc --noEmit && vitest run" }),
          scripts({ check: "vitest run" }),
        ],
      ],
      ["narrowed-run head package.json:3"],
    ],
    [
      "a lint script that is gone",
      [["package.json", scripts({ lint: "eslint .", test: "jest" }), scripts({ test: "jest" })]],
      ["narrowed-run base package.json:3"],
    ],
    [
      "a script that runs one file only",
      [
        [
          "package.json",
          scripts({ test: "vitest run" }),
          scripts({ test: "vitest run src/a.test.ts" }),
        ],
      ],
      ["narrowed-run head package.json:3"],
    ],
    [
      "a filter by name",
      [["package.json", scripts({ test: "jest" }), scripts({ test: "jest -t adds" })]],
      ["narrowed-run head package.json:3"],
    ],
    [
      "continue-on-error",
      [
        [
          ".github/workflows/ci.yml",
          workflow(...RUN_ALL),
          workflow(...RUN_ALL, "        continue-on-error: true"),
        ],
      ],
      ["narrowed-run head .github/workflows/ci.yml:8"],
    ],
    [
      "a step that is gone",
      [[".github/workflows/ci.yml", workflow(...RUN_ALL), workflow(...RUN_ALL.slice(0, 2))]],
      ["narrowed-run base .github/workflows/ci.yml:7"],
    ],
    [
      "a workflow that is gone",
      [[".github/workflows/ci.yml", workflow("      - run: npm test"), undefined]],
      ["narrowed-run base .github/workflows/ci.yml:5"],
    ],
    [
      "a step that is never run",
      [
        [
          ".github/workflows/ci.yml",
          workflow(...RUN_ALL),
          workflow(...RUN_ALL, "        if: false"),
        ],
      ],
      ["narrowed-run head .github/workflows/ci.yml:8"],
    ],
    [
      "pull requests that are not checked any more",
      [
        [
          ".github/workflows/ci.yml",
          workflow(...RUN_ALL),
          workflow(...RUN_ALL).replace(", pull_request", ""),
        ],
      ],
      ["narrowed-run base .github/workflows/ci.yml:1"],
    ],
    [
      "a lower threshold of coverage",
      [
        [
          "vitest.config.ts",
          "export default { test: { coverage: { thresholds: {\n  lines: 90,\n} } } };\n",
          "export default { test: { coverage: { thresholds: {\n  lines: 60,\n} } } };\n",
        ],
      ],
      ["narrowed-run head vitest.config.ts:2"],
    ],
    [
      "fail_under that is gone",
      [["pyproject.toml", "[tool.coverage.report]\nfail_under = 80\n", "[tool.coverage.report]\n"]],
      ["narrowed-run base pyproject.toml:2"],
    ],
    [
      "tests that Jest ignores",
      [
        [
          "jest.config.js",
          "module.exports = {};\n",
          'module.exports = {\n  testPathIgnorePatterns: ["a"],\n};\n',
        ],
      ],
      ["narrowed-run head jest.config.js:2"],
    ],
    [
      "pytest with -k",
      [["pytest.ini", "[pytest]\naddopts = -q\n", '[pytest]\naddopts = -q -k "not slow"\n']],
      ["narrowed-run head pytest.ini:2"],
    ],
    [
      "exit 0 in a script of checks",
      [["check.sh", "npm test\n", "npm test\nexit 0\n"]],
      ["narrowed-run head check.sh:2"],
    ],
    [
      "a lint rule that is off",
      [
        [
          "eslint.config.js",
          "export default [{ rules: {} }];\n",
          'export default [{ rules: {\n  "no-undef": "off",\n} }];\n',
        ],
      ],
      ["switched-off-rule head eslint.config.js:2"],
    ],
    [
      "strict that is false",
      [
        [
          "tsconfig.json",
          '{ "compilerOptions": {\n  "strict": true\n} }\n',
          '{ "compilerOptions": {\n  "strict": false\n} }\n',
        ],
      ],
      ["narrowed-run head tsconfig.json:2"],
    ],
    [
      "a rule that ruff ignores",
      [
        [
          "pyproject.toml",
          '[tool.ruff]\nignore = ["E1"]\n',
          '[tool.ruff]\nignore = ["E1", "F8"]\n',
        ],
      ],
      ["switched-off-rule head pyproject.toml:2"],
    ],
    [
      "eslint-disable",
      [["src/a.ts", "f();\n", "// eslint-disable-next-line no-undef\nf();\n"]],
      ["switched-off-rule head src/a.ts:1"],
    ],
    [
      "@ts-ignore",
      [["src/a.ts", "f();\n", "// @ts-ignore\nf();\n"]],
      ["switched-off-rule head src/a.ts:1"],
    ],
    ["noqa", [["src/a.py", "f()\n", "f()  # noqa\n"]], ["switched-off-rule head src/a.py:1"]],
    [
      "type: ignore",
      [["src/a.py", "x = f()\n", "x = f()  # type: ignore[x]\n"]],
      ["switched-off-rule head src/a.py:1"],
    ],
    [
      "#[allow]",
      [["src/a.rs", "fn f() {}\n", "#[allow(dead_code)]\nfn f() {}\n"]],
      ["switched-off-rule head src/a.rs:1"],
    ],
    [
      "nolint",
      [["a.go", "package a\n\nvar x = f()\n", "package a\n\nvar x = f() //nolint:errcheck\n"]],
      ["switched-off-rule head a.go:3"],
    ],
  ])("%s", (_name, ...[changes, told]) => {
    expect(toldOf(...changes)).toEqual(told);
  });

  it("shows what stands there", () => {
    const [found] = findingsOf([
      A,
      vitestFile(SUM),
      vitestFile(SUM.replace("toBe(4)", "toBeDefined()")),
    ]);

    expect(found?.text).toBe("expect(sum(2,2)).toBe(4) → expect(sum(2,2)).toBeDefined()");
  });
});
