import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toldOf } from "./changes.ts";

const WRITERS = {
  "a.test.ts": (name: string, value: number) =>
    `it("${name}", () => {\n  expect(${name}(1)).toBe(${value});\n});\n`,
  "test_a.py": (name: string, value: number) =>
    `def test_${name}():\n    assert ${name}(1) == ${value}\n\n`,
  "a_test.go": (name: string, value: number) =>
    `func Test_${name}(t *testing.T) {\n\tif ${name}(1) != ${value} {\n\t\tt.Error(${value})\n\t}\n}\n\n`,
  "tests/a.rs": (name: string, value: number) =>
    `#[test]\nfn ${name}() {\n    assert_eq!(f_${name}(1), ${value});\n}\n\n`,
  "ATest.java": (name: string, value: number) =>
    `  @Test void ${name}() {\n    assertEquals(${value}, Code.${name}(1));\n  }\n`,
};
const paths = Object.keys(WRITERS).filter((path): path is keyof typeof WRITERS => path in WRITERS);
const aTest = fc.record({ name: fc.stringMatching(/^[a-z]{3,8}$/), value: fc.nat(1_000) });
const tests = fc.uniqueArray(aTest, { maxLength: 6, selector: ({ name }) => name });

function fileOf(path: keyof typeof WRITERS, all: readonly { name: string; value: number }[]) {
  const body = all.map(({ name, value }) => WRITERS[path](name, value)).join("");
  if (path === "a_test.go") return `package a\n\n${body}`;
  return path === "ATest.java" ? `class ATest {\n${body}}\n` : body;
}

describe("whatever the tests are", () => {
  it("adding more, in any order, is no finding", () => {
    fc.assert(
      fc.property(fc.constantFrom(...paths), tests, tests, (path, before, more) => {
        const known = new Set(before.map(({ name }) => name));
        const all = [...more.filter(({ name }) => !known.has(name)), ...before];

        expect(toldOf([path, fileOf(path, before), fileOf(path, all)])).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it("each one that is taken away is found, and nothing else", () => {
    fc.assert(
      fc.property(fc.constantFrom(...paths), tests, (path, before) => {
        const left = before.slice(1);
        const found = toldOf([path, fileOf(path, before), fileOf(path, left)]);

        expect(found).toHaveLength(before.length > 0 ? 1 : 0);
        expect(found.every((one) => one.startsWith("deleted-test base"))).toBe(true);
      }),
      { numRuns: 150 },
    );
  });
});
