import { describe, expect, it } from "vitest";
import { toldOf } from "./changes.ts";

const script = (body: string) => `test("x", async () => {\n  const all = c();\n${body}\n});\n`;
const EQUAL = '  assert.equal(c(), "yes");';
const python = (body: string) => `def test_x():\n    x = c()\n${body}\n`;
const go = (body: string) => `package a\n\nfunc TestX(t *testing.T) {\n${body}\n}\n`;
const NOT_YES = '\tif c() != "yes" {\n\t\tt.Error(c())\n\t}';
const rust = (body: string) => `#[test]\nfn x() {\n${body}\n}\n`;
const java = (body: string) => `class ATest {\n  @Test void x() {\n${body}\n  }\n}\n`;
const ruby = (body: string) => `it "x" do\n${body}\nend\n`;
const LATER = "  await expect(c()).resolves.toBe(1);";

const SCRIPT: readonly (readonly [name: string, body: string])[] = [
  ["behind ||", '  assert.ok || assert.equal(c(), "yes");'],
  ["behind true ||", '  true || assert.equal(c(), "yes");'],
  ["behind &&", '  all.none && assert.equal(c(), "yes");'],
  ["behind ??", '  all ?? assert.equal(c(), "yes");'],
  ["in a ternary", '  all ? assert.equal(c(), "yes") : undefined;'],
  ["in a ternary's other branch", '  all ? undefined : assert.equal(c(), "yes");'],
  ["in if (false)", `  if (false) {\n${EQUAL}\n  }`],
  ["after if (false)", '  if (false) assert.equal(c(), "yes");'],
  ["after if (0 && …)", '  if (0 && all) assert.equal(c(), "yes");'],
  ["under a condition", `  if (c() === "yes") {\n${EQUAL}\n  }`],
  ["in an else", `  if (c()) {\n  } else {\n${EQUAL}\n  }`],
  ["in while (false)", `  while (false) {\n${EQUAL}\n  }`],
  ["in a loop over nothing", `  for (const one of []) {\n${EQUAL}\n  }`],
  ["in forEach over nothing", '  [].forEach(() => { assert.equal(c(), "yes"); });'],
  ["after return", `  return;\n${EQUAL}`],
  ["after a return of something", `  return all;\n${EQUAL}`],
  ["after a return that may come", `  if (all.none) return;\n${EQUAL}`],
  ["after a return in a block", `  if (all.none) {\n    return;\n  }\n${EQUAL}`],
  ["after process.exit", `  process.exit(0);\n${EQUAL}`],
  ["in a function that nobody calls", `  function later() {\n  ${EQUAL}\n  }`],
  ["in an arrow that nobody calls", `  const later = async () => {\n${EQUAL}\n  };`],
  ["in a short arrow", '  const later = () => assert.equal(c(), "yes");'],
  ["in an arrow without a name", '  () => assert.equal(c(), "yes");'],
  ["in try with an empty catch", `  try {\n${EQUAL}\n  } catch {}`],
  [
    "in try with a catch that logs",
    `  try {\n${EQUAL}\n  } catch (error) {\n    console.log(error);\n  }`,
  ],
];

describe("an assertion that stands there still and proves nothing any more is found", () => {
  it.each(SCRIPT)("in JavaScript: %s", (_name, body) => {
    const [told = "", ...more] = toldOf(["a.test.js", script(EQUAL), script(body)]);

    expect(told).toMatch(/^weakened-assertion head a\.test\.js:\d+$/);
    expect(more).toEqual([]);
  });

  it.each<readonly [string, path: string, before: string, after: string]>([
    [
      "JavaScript: not awaited",
      "a.test.js",
      script(LATER),
      script(LATER.replace("await ", "void ")),
    ],
    [
      "JavaScript: caught",
      "a.test.js",
      script(LATER),
      script(LATER.replace(";", ".catch(() => {});")),
    ],
    [
      "Python: if False",
      "test_a.py",
      python("    assert x == 1"),
      python("    if False:\n        assert x == 1"),
    ],
    [
      "Python: on one line",
      "test_a.py",
      python("    assert x == 1"),
      python("    if x: assert x == 1"),
    ],
    [
      "Python: or True",
      "test_a.py",
      python("    assert x == 1"),
      python("    assert x == 1 or True"),
    ],
    [
      "Python: after return",
      "test_a.py",
      python("    assert x == 1"),
      python("    return\n    assert x == 1"),
    ],
    [
      "Python: in a function that nobody calls",
      "test_a.py",
      python("    assert x == 1"),
      python("    def later():\n        assert x == 1"),
    ],
    [
      "Python: swallowed",
      "test_a.py",
      python("    assert x == 1"),
      python("    try:\n        assert x == 1\n    except AssertionError:\n        pass"),
    ],
    [
      "Python: suppressed",
      "test_a.py",
      python("    assert x == 1"),
      python("    with suppress(AssertionError):\n        assert x == 1"),
    ],
    [
      "Python: after sys.exit",
      "test_a.py",
      python("    assert x == 1"),
      python("    sys.exit(0)\n    assert x == 1"),
    ],
    ["Go: if false &&", "a_test.go", go(NOT_YES), go(NOT_YES.replace("if ", "if false && "))],
    [
      "Go: after return",
      "a_test.go",
      go(NOT_YES),
      go(`\tif c() == "" {\n\t\treturn\n\t}\n${NOT_YES}`),
    ],
    [
      "Go: in a function that nobody calls",
      "a_test.go",
      go(NOT_YES),
      go(`\tlater := func() {\n${NOT_YES}\n\t}`),
    ],
    [
      "Rust: if false",
      "tests/a.rs",
      rust("    assert_eq!(c(), 1);"),
      rust("    if false {\n        assert_eq!(c(), 1);\n    }"),
    ],
    [
      "Rust: if let",
      "tests/a.rs",
      rust("    assert_eq!(c(), 1);"),
      rust("    if let Ok(_) = c() {\n        assert_eq!(c(), 1);\n    }"),
    ],
    [
      "Rust: after return",
      "tests/a.rs",
      rust("    assert_eq!(c(), 1);"),
      rust("    let x = 1;\n    return;\n    assert_eq!(c(), 1);"),
    ],
    [
      "Rust: in a closure that nobody calls",
      "tests/a.rs",
      rust("    assert_eq!(c(), 1);"),
      rust("    let later = || {\n        assert_eq!(c(), 1);\n    };"),
    ],
    [
      "Rust: caught",
      "tests/a.rs",
      rust("    assert_eq!(c(), 1);"),
      rust("    let _ = catch_unwind(|| {\n        assert_eq!(c(), 1);\n    });"),
    ],
    [
      "Java: if (false)",
      "ATest.java",
      java("    assertEquals(1, c());"),
      java("    if (false) assertEquals(1, c());"),
    ],
    [
      "Java: swallowed",
      "ATest.java",
      java("    assertEquals(1, c());"),
      java("    try {\n      assertEquals(1, c());\n    } catch (Throwable e) {\n    }"),
    ],
    [
      "Java: after return",
      "ATest.java",
      java("    assertEquals(1, c());"),
      java("    c();\n    if (c() == 0) return;\n    assertEquals(1, c());"),
    ],
    [
      "Ruby: if false behind it",
      "spec/a_spec.rb",
      ruby("  expect(c).to eq(1)"),
      ruby("  expect(c).to eq(1) if false"),
    ],
    [
      "Ruby: rescued",
      "spec/a_spec.rb",
      ruby("  expect(c).to eq(1)"),
      ruby("  begin\n    expect(c).to eq(1)\n  rescue StandardError\n  end"),
    ],
    [
      "C: #if 0",
      "test_a.c",
      "TEST(a, x) {\n  ASSERT_EQ(c(), 1);\n}\n",
      "TEST(a, x) {\n#if 0\n  ASSERT_EQ(c(), 1);\n#endif\n}\n",
    ],
  ])("in %s", (_name, ...[path, before, after]) => {
    const [told = "", ...more] = toldOf([path, before, after]);

    expect(told).toMatch(/^weakened-assertion head /);
    expect(more).toEqual([]);
  });

  it("also where another one that demands nothing of it was added", () => {
    const cheat = `  assert.equal(1 + 1, 2);\n  if (false) assert.equal(c(), "yes");`;

    expect(toldOf(["a.test.js", script(EQUAL), script(cheat)])).toEqual([
      "weakened-assertion head a.test.js:4",
    ]);
  });
});

describe("an assertion that is sure to run is not", () => {
  it.each<readonly [string, path: string, before: string, after: string]>([
    [
      "in a function that is called",
      "a.test.js",
      script(EQUAL),
      script(`  const now = () => {\n${EQUAL}\n  };\n  now();`),
    ],
    [
      "in a function that is given on",
      "a.test.js",
      script(EQUAL),
      script(`  await all.then(() => {\n${EQUAL}\n  });`),
    ],
    [
      "in what is returned",
      "a.test.js",
      script(EQUAL),
      script(`  return all.then(() => {\n${EQUAL}\n  });`),
    ],
    [
      "in try with a finally",
      "a.test.js",
      script(EQUAL),
      script(`  try {\n${EQUAL}\n  } finally {\n    all.end();\n  }`),
    ],
    [
      "in try with a catch that fails",
      "a.test.js",
      script(EQUAL),
      script(
        `  try {\n${EQUAL}\n  } catch (error) {\n    throw new Error("no", { cause: error });\n  }`,
      ),
    ],
    [
      "after a return of a function",
      "a.test.js",
      script(EQUAL),
      script(`  const now = () => {\n    return 1;\n  };\n  now();\n${EQUAL}`),
    ],
    ["in a loop", "a.test.js", script(EQUAL), script(`  for (const one of all) {\n${EQUAL}\n  }`)],
    [
      "after a complaint that leaves",
      "a_test.go",
      go(NOT_YES),
      go(`\tif err != nil {\n\t\tt.Fatal(err)\n\t\treturn\n\t}\n${NOT_YES}`),
    ],
    [
      "below other exceptions",
      "test_a.py",
      python("    assert x == 1"),
      python("    try:\n        assert x == 1\n    except ValueError:\n        pass"),
    ],
    [
      "in with",
      "test_a.py",
      python("    assert x == 1"),
      python("    with open(x) as f:\n        assert x == 1"),
    ],
  ])("%s", (_name, ...[path, before, after]) => {
    expect(toldOf([path, before, after])).toEqual([]);
  });
});
