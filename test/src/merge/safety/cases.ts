import type { Sides } from "../../../../src/core/merge.ts";

/** One merge to judge. */
export interface Case {
  readonly name: string;
  readonly path: string;
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
  readonly merged: string;
}

/** The texts that went into the merge. */
export function sidesOf({ path, base, ours, theirs }: Case): Sides {
  return { path, base, ours, theirs };
}

/** How a language writes two declarations, one changed, and one more. */
export interface Words {
  readonly path: string;
  readonly head: string;
  readonly a: string;
  readonly b: string;
  readonly b2: string;
  readonly c: string;
  readonly d: string;
  readonly tail: string;
  /** What the sentence about a lost `c` says. */
  readonly lost: string;
}

/** The same four merges are made of these in every language. */
export const WORDS: readonly Words[] = [
  {
    path: "f.ts",
    head: "",
    a: "function a() { return 1; }\n",
    b: "function b() { return 2; }\n",
    b2: "function b() { return 3; }\n",
    c: "export const c = () => 4;\n",
    d: "class D { m() {} }\n",
    tail: "",
    lost: "the variable `c`",
  },
  {
    path: "f.tsx",
    head: "class K {\n",
    a: "  a() { return <p />; }\n",
    b: "  b = 2;\n",
    b2: "  b = 3;\n",
    c: "  get c() { return 4; }\n",
    d: "  static d = 5;\n",
    tail: "}\n",
    lost: "the method `K › get c`",
  },
  {
    path: "f.test.js",
    head: 'describe("all", () => {\n',
    a: '  it("a", () => {});\n',
    b: '  it("b", () => {});\n',
    b2: '  it("b", () => { run(); });\n',
    c: '  test.each([1])("c", () => {});\n',
    d: "  it(`d`, () => {});\n",
    tail: "});\n",
    lost: "the test `all › c`",
  },
  {
    path: "i.ts",
    head: "",
    a: 'import { a } from "x";\n',
    b: 'import { b, q } from "y";\n',
    b2: 'import { b } from "y";\n',
    c: 'import c from "z";\n',
    d: 'import * as d from "w";\n',
    tail: "",
    lost: "the import `z: default as c`",
  },
  {
    path: "t.ts",
    head: "",
    a: "interface A { x: 1 }\n",
    b: "type B = 2;\n",
    b2: "type B = 3;\n",
    c: "enum C { one }\n",
    d: "namespace D { export const e = 1; }\n",
    tail: "",
    lost: "the enum `C`",
  },
  {
    path: "f.json",
    head: '{ "n": {\n',
    a: '  "a": 1,\n',
    b: '  "b": 2,\n',
    b2: '  "b": 3,\n',
    c: '  "c": 4,\n',
    d: '  "d": 5,\n',
    tail: '  "z": 0 } }\n',
    lost: "the key `n › c`",
  },
  {
    path: "f.yaml",
    head: "n:\n",
    a: "  a: 1\n",
    b: "  b: 2\n",
    b2: "  b: 3\n",
    c: "  c: { x: 4 }\n",
    d: "  d: [5]\n",
    tail: "",
    lost: "the key `n › c`",
  },
  {
    path: "f.toml",
    head: "[n]\n",
    a: "a = 1\n",
    b: "b = 2\n",
    b2: "b = 3\n",
    c: "c.e = 4\n",
    d: 'd = "5"\n',
    tail: "",
    lost: "the key `n › c.e`",
  },
  {
    path: "test_f.py",
    head: "class K:\n",
    a: "    def test_a(self): pass\n",
    b: "    b = 2\n",
    b2: "    b = 3\n",
    c: "    @mark\n    def test_c(self): return 4\n",
    d: "    class D: e = 5\n",
    tail: "",
    lost: "the function `K › test_c`",
  },
  {
    path: "i.py",
    head: "",
    a: "import a\n",
    b: "from y import b, q\n",
    b2: "from y import b\n",
    c: "from z import (c as e)\n",
    d: "import d.f as g\n",
    tail: "",
    lost: "the import `z: c as e`",
  },
  {
    path: "f_test.go",
    head: "package p\n",
    a: "func TestA(t *testing.T) {}\n",
    b: "var b = 2\n",
    b2: "var b = 3\n",
    c: "func (k *K) C() int { return 4 }\n",
    d: "type D struct { e int }\n",
    tail: "",
    lost: "the method `K.C`",
  },
  {
    path: "i.go",
    head: "package p\nimport (\n",
    a: '\t"a"\n',
    b: '\t"b"\n',
    b2: '\tx "b"\n',
    c: '\tc "z"\n',
    d: '\t_ "d"\n',
    tail: ")\n",
    lost: 'the import `c"z"`',
  },
  {
    path: "f.rs",
    head: "mod tests {\n",
    a: "  #[test]\n  fn a() {}\n",
    b: "  const B: u8 = 2;\n",
    b2: "  const B: u8 = 3;\n",
    c: "  #[test]\n  fn c() { d(4); }\n",
    d: "  impl T for D { fn e() {} }\n",
    tail: "}\n",
    lost: "the function `tests › c`",
  },
  {
    path: "i.rs",
    head: "",
    a: "use a::b;\n",
    b: "use x::{b, q};\n",
    b2: "use x::b;\n",
    c: "use z::{c::{self, e as f}};\n",
    d: "use d::*;\n",
    tail: "",
    lost: "the import `z::c::self`",
  },
  {
    path: "K.java",
    head: "class K {\n",
    a: "  @Test void a() {}\n",
    b: "  int b = 2;\n",
    b2: "  int b = 3;\n",
    c: "  int c(int x, String y) { return 4; }\n",
    d: "  enum D { E }\n",
    tail: "}\n",
    lost: "the method `K › c(int,String)`",
  },
  {
    path: "f.css",
    head: "",
    a: ".a { color: red; }\n",
    b: ".b { color: red; }\n",
    b2: ".b { color: blue; }\n",
    c: ".c > p,\n.e { color: red; }\n",
    d: "@media print { .d { color: red; } }\n",
    tail: "",
    lost: "the rule `.c > p, .e`",
  },
  {
    path: "f.html",
    head: "<body>\n",
    a: '<p id="a">1</p>\n',
    b: '<p id="b">2</p>\n',
    b2: '<p id="b">3</p>\n',
    c: "<p id='c'>4</p>\n",
    d: '<img id="d">\n',
    tail: "</body>\n",
    lost: "the element `#c`",
  },
  {
    path: "f.md",
    head: "# K\n\n",
    a: "## A\n\none\n\n",
    b: "## B\n\ntwo\n\n",
    b2: "## B\n\nthree\n\n",
    c: "## C\n\nfour\n\n",
    d: "## D\n\nfive\n\n",
    tail: "",
    lost: "the section `K › C`",
  },
];
