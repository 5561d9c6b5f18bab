import { describe, expect, it } from "vitest";
import { declarationsOf } from "../../../src/core/declarations.ts";
import { createSyntax } from "../../../src/syntax/create-syntax.ts";

async function declared(path: string, text: string) {
  const syntax = await createSyntax();
  const tree = syntax.parse(path, text);
  if (!tree) throw new Error(`There is no tree of ${path}.`);
  return declarationsOf(tree, text);
}

const named = async (path: string, text: string) =>
  (await declared(path, text)).map(({ name, from, to }) => `${name} ${from}-${to}`);

describe("what a file declares", () => {
  it.each<[string, string, string, readonly string[]]>([
    [
      "TypeScript",
      "a.ts",
      "export class A<T> {\n  x = 1;\n  m(a: number) {\n    const q = 1;\n  }\n}\nexport const f = () => {\n  const z = 2;\n};\ninterface I { b(): void }\ntype T = string;\nenum E {X}\nnamespace N { export function g() {} }\n",
      [
        "A 1-6",
        "A.x 2-2",
        "A.m 3-5",
        "f 7-9",
        "I 10-10",
        "I.b 10-10",
        "T 11-11",
        "E 12-12",
        "N 13-13",
        "N.g 13-13",
      ],
    ],
    [
      "Python",
      "a.py",
      "X = 1\n@dec\ndef f(a):\n  y = 1\n\n\nclass A(B):\n  z: int = 1\n  def m(self): pass\n",
      ["X 1-1", "f 3-4", "A 7-9", "A.z 8-8", "A.m 9-9"],
    ],
    [
      "Go",
      "a.go",
      "package a\nconst X = 1\ntype T struct { a int }\nfunc (t *T) M(a int) int { return 1 }\nfunc (T) N() {}\nfunc F() {}\n",
      ["X 2-2", "T 3-3", "T.M 4-4", "T.N 5-5", "F 6-6"],
    ],
    [
      "Rust",
      "a.rs",
      "struct S<T> { a: T }\nimpl<T> S<T> { fn m(&self) { let x = 1; } }\nimpl D for S { fn n() {} }\nmod m { pub fn f() {} }\nmacro_rules! mm { () => {} }\n",
      ["S 1-1", "S.m 2-2", "S.n 3-3", "m 4-4", "m.f 4-4", "mm 5-5"],
    ],
    [
      "Java",
      "A.java",
      "class A {\n  int x;\n  void m(int a) { int y; }\n  interface I { void n(); }\n}\n",
      ["A 1-5", "A.x 2-2", "A.m 3-3", "A.I 4-4", "A.I.n 4-4"],
    ],
    ["CSS", "a.css", ".a,\n.b { color: red }\n", [".a, .b 1-2"]],
    [
      "Markdown",
      "a.md",
      "# One\ntext\n## Two\ntext\n\n# Three\n",
      ["One 1-4", "One.Two 3-4", "Three 6-6"],
    ],
    ["JSON", "a.json", '{"a": {"b": 1},\n"c": 2}', ["a 1-1", "a.b 1-1", "c 2-2"]],
    ["YAML", "a.yaml", "a:\n  b: 1\nc: 2\n", ["a 1-2", "a.b 2-2", "c 3-3"]],
    ["TOML", "a.toml", "x = 1\n[a.b]\nc = 1\n", ["x 1-1", "a.b 2-3", "a.b.c 3-3"]],
    ["nothing", "a.ts", "", []],
  ])("in %s", async (...[, path, text, expected]) => {
    expect(await named(path, text)).toEqual(expected);
  });

  it("is told with the grammar's word for it", async () => {
    expect(await declared("a.ts", "function f() {}")).toEqual([
      { name: "f", kind: "function declaration", from: 1, to: 1 },
    ]);
  });

  it("is bounded, and found in deep and in broken texts", async () => {
    expect(await declared("a.ts", "const a = 1;\n".repeat(30_000))).toHaveLength(20_000);
    expect(await named("a.ts", "function f() {}\nclass A { m() {} \n function ) {")).toContain(
      "f 1-1",
    );
    expect(
      (await declared("a.json", `${'{"a":'.repeat(300)}1${"}".repeat(300)}`)).length,
    ).toBeGreaterThan(50);
  });
});
