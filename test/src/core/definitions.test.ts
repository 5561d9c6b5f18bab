import { describe, expect, it } from "vitest";
import { definitionsOf, importsOf } from "../../../src/core/definitions.ts";
import { createSyntax } from "../../../src/syntax/create-syntax.ts";

/** What a text defines, each with its own text. */
async function definedIn(path: string, text: string) {
  const tree = (await createSyntax()).parse(path, text);
  if (!tree) throw new Error("There is no tree.");
  const found = definitionsOf(tree, text) ?? [];
  return found.map(({ name, kind, start, end }) => [kind, name, text.slice(start, end)] as const);
}

const TYPESCRIPT = `import { a } from "./a.ts";

/** Adds. */
export function add(x: number): number {
  function inner() {}
  return x;
}

// Apart.

export class Box<T> {
  /** Opens. */
  open(): void {}
  static count = 0;
}
export interface Shape { area(): number }
export type Name = string;
const [one, two] = [1, 2];
export const double = (x: number) => x * 2;
namespace Inner { export function deep() {} }
`;

describe("what a text defines", () => {
  it.each([
    [
      "a.ts",
      TYPESCRIPT,
      [
        "function add",
        "class Box",
        "method Box.open",
        "field Box.count",
        "interface Shape",
        "type Name",
        "value [one, two]",
        "value double",
        "namespace Inner",
        "function Inner.deep",
      ],
    ],
    [
      "a.py",
      "import os\n\nLIMIT = 3\n\n@cache\ndef run(x):\n    y = 1\n    def inner(): pass\n\nclass Cat(Pet):\n    name = 'x'\n    def meow(self): pass\n",
      ["value LIMIT", "function run", "class Cat", "value Cat.name", "function Cat.meow"],
    ],
    [
      "a.go",
      "package a\n\ntype Server struct{}\n\nfunc (s *Server) Serve() {}\nfunc New() *Server { return nil }\nconst (\n  One = 1\n  Two = 2\n)\nvar Three = 3\n",
      [
        "type Server",
        "method Server.Serve",
        "function New",
        "value One",
        "value Two",
        "value Three",
      ],
    ],
    [
      "a.rs",
      "pub struct Point { x: i32 }\nimpl Point {\n    pub fn new() -> Self { Point { x: 1 } }\n}\ntrait Draw { fn draw(&self); }\nmod inner { pub fn deep() {} }\nconst N: i32 = 1;\n",
      [
        "struct Point",
        "impl Point",
        "function Point.new",
        "trait Draw",
        "module inner",
        "function inner.deep",
        "value N",
      ],
    ],
    [
      "A.java",
      "package a;\nclass A {\n  private int x = 1;\n  A() {}\n  void run() {}\n  enum B { ONE }\n}\n",
      ["class A", "field A.x", "constructor A.A", "method A.run", "enum A.B"],
    ],
    ["a.css", "a,\nb { color: red }\n.x { top: 0 }\n", ["rule a, b", "rule .x"]],
    [
      "a.md",
      "# Shop\n\nText.\n\n## Use it\n\nMore.\n\n## Node.js\n",
      ["section Shop", "section Shop.Use it", "section Shop.Node.js"],
    ],
    ["a.json", '{"name": "x", "scripts": {"test": "t"}}', ["key name", "key scripts"]],
    ["a.yaml", "on: push\njobs:\n  test: 1\n", ["key on", "key jobs"]],
    [
      "a.toml",
      'name = "x"\n\n[tool.x]\na = 1\n\n[[bin]]\nb = 1\n',
      ["key name", "table tool.x", "table bin"],
    ],
    ["a.ts", "", []],
    ["a.ts", "1 + 1;\n", []],
  ])("in %s is told by kind and name", async (path, text, expected) => {
    const found = await definedIn(path, text);

    expect(found.map(([kind, name]) => `${kind} ${name}`)).toEqual(expected);
  });

  it("is taken with what wraps it and the comments right above it, not with those apart", async () => {
    const found = await definedIn("a.ts", TYPESCRIPT);

    expect(found[0]?.[2]).toMatch(/^\/\*\* Adds\. \*\/\nexport function add[\s\S]*\n\}$/);
    expect(found[1]?.[2]).toMatch(/^export class Box/);
    expect(found[2]?.[2]).toBe("/** Opens. */\n  open(): void {}");
  });

  it("is not known where the language has no rules", async () => {
    const tree = (await createSyntax()).parse("a.html", "<p>x</p>");

    expect(tree && definitionsOf(tree, "<p>x</p>")).toBeUndefined();
  });
});

it.each([
  ["a.ts", 'import { a } from "./a.ts";\nconst x = 1;\n', ['import { a } from "./a.ts";']],
  ["a.py", "import os\nfrom a import b\nx = 1\n", ["import os", "from a import b"]],
  ["a.go", 'package a\n\nimport "fmt"\n', ['import "fmt"']],
  ["a.rs", "use a::b;\nfn x() {}\n", ["use a::b;"]],
  ["a.md", "# x\n", []],
])("the imports of %s are told", async (path, text, expected) => {
  const tree = (await createSyntax()).parse(path, text);

  const found = tree ? importsOf(tree) : [];

  expect(found.map(({ start, end }) => text.slice(start, end).trim())).toEqual(expected);
});
