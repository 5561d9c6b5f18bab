import { beforeAll, describe, expect, it } from "vitest";
import type { Syntax } from "../../../../src/core/syntax.ts";
import { createSyntax } from "../../../../src/syntax/create-syntax.ts";
import { cleanText, mergeAlone, type Texts } from "./tools.ts";

let syntax: Syntax;
beforeAll(async () => {
  syntax = await createSyntax();
});

interface Row {
  readonly name: string;
  readonly path: string;
  readonly texts: Texts;
  readonly merged: string;
}

const clean: readonly Row[] = [
  {
    name: "specifiers of one import are a set",
    path: "a.ts",
    texts: [
      'import { a } from "m";\n',
      'import { a, b } from "m";\n',
      'import { a, type c } from "m";\n',
    ],
    merged: 'import { a, b, type c } from "m";\n',
  },
  {
    name: "two imports of one new module become one",
    path: "a.ts",
    texts: [
      'import x from "x";\n\nx();\n',
      'import x from "x";\nimport { a } from "m";\n\nx();\n',
      'import x from "x";\nimport { b } from "m";\n\nx();\n',
    ],
    merged: 'import x from "x";\nimport { a, b } from "m";\n\nx();\n',
  },
  {
    name: "a last member without a comma gets one when another follows",
    path: "a.ts",
    texts: ["f({\n  a: 1\n});\n", "f({\n  a: 1,\n  b: 2\n});\n", "f({\n  a: 3\n});\n"],
    merged: "f({\n  a: 3,\n  b: 2\n});\n",
  },
  {
    name: "a comma after the last member stays",
    path: "a.ts",
    texts: [
      "f({\n  a: 1,\n});\n",
      "f({\n  a: 1,\n  b: 2, // ours\n});\n",
      "f({\n  a: 1,\n  c: 3,\n});\n",
    ],
    merged: "f({\n  a: 1,\n  b: 2, // ours\n  c: 3,\n});\n",
  },
  {
    name: "a member of a list on one line goes into a list on several",
    path: "a.ts",
    texts: [
      'import { a, b } from "m";\n',
      'import {\n  a,\n  b,\n  longer,\n} from "m";\n',
      'import { a, b, c } from "m";\n',
    ],
    merged: 'import {\n  a,\n  b,\n  longer,\n  c,\n} from "m";\n',
  },
  {
    name: "a decorator and a comment go with their method",
    path: "a.ts",
    texts: [
      "class A {\n  // first\n  @log()\n  one() {}\n\n  two() {}\n}\n",
      "class A {\n  two() {}\n\n  // first\n  @log()\n  one() {}\n}\n",
      "class A {\n  // first, better\n  @log(2)\n  one() {}\n\n  two() {}\n}\n",
    ],
    merged: "class A {\n  two() {}\n\n  // first, better\n  @log(2)\n  one() {}\n}\n",
  },
  {
    name: "new first members of both sides keep the blank lines of their neighbours",
    path: "a.ts",
    texts: [
      "function a() {}\n",
      "function x() {}\n\nfunction a() {}\n",
      "function y() {}\n\nfunction a() {}\n",
    ],
    merged: "function x() {}\n\nfunction y() {}\n\nfunction a() {}\n",
  },
  {
    name: "a licence at the head of a file is nobody's comment",
    path: "a.ts",
    texts: [
      '// Licence.\n\nimport a from "a";\n',
      '// Licence.\n\nimport o from "o";\nimport a from "a";\n',
      '// Licence.\n\nimport t from "t";\nimport a from "a";\n',
    ],
    merged: '// Licence.\n\nimport o from "o";\nimport t from "t";\nimport a from "a";\n',
  },
  {
    name: "the same addition of both sides is taken once",
    path: "a.py",
    texts: [
      "def a():\n    pass\n",
      "def a():\n    pass\n\n\ndef b():\n    return 1\n",
      "def a():\n    return 0\n\n\ndef b():\n    return 1\n",
    ],
    merged: "def a():\n    return 0\n\n\ndef b():\n    return 1\n",
  },
  {
    name: "methods of an indented class keep their indentation",
    path: "a.py",
    texts: [
      "if True:\n    class A:\n        def a(self):\n            pass\n",
      "if True:\n    class A:\n        def a(self):\n            pass\n\n        def o(self):\n            pass\n",
      "if True:\n    class A:\n        def a(self):\n            pass\n\n        def t(self):\n            pass\n",
    ],
    merged:
      "if True:\n    class A:\n        def a(self):\n            pass\n\n        def o(self):\n            pass\n\n        def t(self):\n            pass\n",
  },
  {
    name: "line ends of Windows stay",
    path: "a.json",
    texts: [
      '{\r\n  "a": 1\r\n}\r\n',
      '{\r\n  "a": 1,\r\n  "b": 2\r\n}\r\n',
      '{\r\n  "a": 1,\r\n  "c": 3\r\n}\r\n',
    ],
    merged: '{\r\n  "a": 1,\r\n  "b": 2,\r\n  "c": 3\r\n}\r\n',
  },
  {
    name: "declarations without a last semicolon get one when another follows",
    path: "a.css",
    texts: ["a { color: red }\n", "a { color: red; margin: 0 }\n", "a { color: blue }\n"],
    merged: "a { color: blue; margin: 0 }\n",
  },
  {
    name: "trait implementations are known by trait and type",
    path: "a.rs",
    texts: [
      "struct A;\n\nimpl Show for A {\n    fn show(&self) {}\n}\n",
      "struct A;\n\nimpl Show for A {\n    fn show(&self) {}\n\n    fn o(&self) {}\n}\n",
      "struct A;\n\nimpl Hide for A {\n    fn hide(&self) {}\n}\n\nimpl Show for A {\n    fn show(&self) {}\n\n    fn t(&self) {}\n}\n",
    ],
    merged:
      "struct A;\n\nimpl Hide for A {\n    fn hide(&self) {}\n}\n\nimpl Show for A {\n    fn show(&self) {}\n\n    fn o(&self) {}\n\n    fn t(&self) {}\n}\n",
  },
  {
    name: "sorted names in a list are a set",
    path: "a.toml",
    texts: [
      'names = [\n  "a",\n  "k",\n  "z",\n]\n',
      'names = [\n  "a",\n  "k",\n  "n",\n  "z",\n]\n',
      'names = [\n  "a",\n  "k",\n  "m",\n  "z",\n]\n',
    ],
    merged: 'names = [\n  "a",\n  "k",\n  "m",\n  "n",\n  "z",\n]\n',
  },
];

describe("members are merged one by one", () => {
  it.each(clean)("$name", ({ path, texts, merged }) => {
    expect(cleanText(mergeAlone(syntax, path, texts))).toBe(merged);
  });
});

interface Refusal {
  readonly name: string;
  readonly path: string;
  readonly texts: Texts;
  readonly why: string;
}

const refused: readonly Refusal[] = [
  {
    name: "one new name with two contents",
    path: "a.ts",
    texts: ["", "function a() {\n  return 1;\n}\n", "function a() {\n  return 2;\n}\n"],
    why: "both sides added the same name with different content",
  },
  {
    name: "deleted and edited",
    path: "a.go",
    texts: [
      "package a\n\nfunc A() int { return 1 }\n",
      "package a\n",
      "package a\n\nfunc A() int { return 2 }\n",
    ],
    why: "one side deleted what the other edited",
  },
  {
    name: "statements of both sides at one place",
    path: "a.java",
    texts: [
      "class A {\n  void a() {\n    one();\n  }\n}\n",
      "class A {\n  void a() {\n    one();\n    ours();\n  }\n}\n",
      "class A {\n  void a() {\n    one();\n    theirs();\n  }\n}\n",
    ],
    why: "both sides",
  },
  {
    name: "a statement added where the other side deleted",
    path: "a.py",
    texts: ["a()\nb()\nc()\n", "a()\nb()\nnew(b)\nc()\n", "a()\nc()\n"],
    why: "one side added where the other deleted",
  },
  {
    name: "both sides put another function in the place of one",
    path: "a.ts",
    texts: [
      "a();\nfunction old() {}\nb();\n",
      "a();\nfunction ours(one) {\n  return one;\n}\nb();\n",
      "a();\nfunction theirs(two) {\n  throw two;\n}\nb();\n",
    ],
    why: "both sides replaced the same members",
  },
  {
    name: "a value and the comment on its line",
    path: "a.yaml",
    texts: ["a:\n  - x@1\n  - y\n", "a:\n  - x@2\n  - y\n", "a:\n  - x@1 # one\n  - y\n"],
    why: "both sides changed the same line",
  },
];

describe("what cannot be proven is a conflict", () => {
  it.each(refused)("$name", ({ path, texts, why }) => {
    const merge = mergeAlone(syntax, path, texts);

    expect(merge?.kind).toBe("conflicted");
    expect(merge?.hunks.map((hunk) => hunk.why).join("\n")).toContain(why);
  });

  it("stands around the member and nothing else", () => {
    const merge = mergeAlone(syntax, "a.ts", [
      "class A {\n  a() {\n    return 0;\n  }\n\n  b() {}\n}\n",
      "class A {\n  a() {\n    return 1;\n  }\n\n  b() {}\n\n  o() {}\n}\n",
      "class A {\n  a() {\n    return 2;\n  }\n\n  b() {}\n\n  t() {}\n}\n",
    ]);

    expect(merge?.text).toBe(
      [
        "class A {\n  a() {\n<<<<<<< ours\n    return 1;\n||||||| base\n    return 0;\n=======\n",
        "    return 2;\n>>>>>>> theirs\n  }\n\n  b() {}\n\n  o() {}\n\n  t() {}\n}\n",
      ].join(""),
    );
    expect(merge).toMatchObject({
      conflicts: [
        { base: "    return 0;\n", ours: "    return 1;\n", theirs: "    return 2;\n", line: 3 },
      ],
    });
  });

  it("a deletion has nothing between its markers", () => {
    const merge = mergeAlone(syntax, "a.ts", [
      "function a() {}\n\nfunction b() {\n  return 1;\n}\n",
      "function a() {}\n",
      "function a() {}\n\nfunction b() {\n  return 2;\n}\n",
    ]);

    expect(merge?.text).toContain("<<<<<<< ours\n||||||| base\nfunction b() {");
    expect(merge?.text).toContain("=======\nfunction b() {\n  return 2;\n}\n>>>>>>> theirs\n");
  });
});

describe("nothing is said", () => {
  it.each<[string, string, Texts]>([
    ["of a language that nobody knows", "a.unknown", ["a\n", "b\n", "c\n"]],
    ["where the base does not parse", "a.ts", ["function (\n", "a();\n", "b();\n"]],
    ["where a side does not parse", "a.json", ["{}\n", '{"a": }\n', '{"b": 1}\n']],
    [
      "where a key would stand twice",
      "a.json",
      [
        '{\n  "m": 0,\n  "n": 0\n}\n',
        '{\n  "x": 1,\n  "m": 0,\n  "n": 0\n}\n',
        '{\n  "m": 0,\n  "n": 0,\n  "x": 2\n}\n',
      ],
    ],
    [
      "where a name would be made known twice",
      "a.ts",
      [
        'import x from "x";\n\nx();\n',
        'import x from "x";\nimport { same } from "ours";\n\nx();\n',
        'import x from "x";\n\nx();\n\nfunction same() {}\n',
      ],
    ],
    [
      "where the one side uses anew what the other has no import for any more",
      "a.ts",
      [
        'import { p, q } from "m";\n\nfunction a() {\n  return p(q);\n}\n\nfunction b() {}\n',
        'import { q } from "m";\n\nfunction a() {\n  return q;\n}\n\nfunction b() {}\n',
        'import { p, q } from "m";\n\nfunction a() {\n  return p(q);\n}\n\nfunction b() {\n  p(1);\n}\n',
      ],
    ],
  ])("%s", (_, path, texts) => {
    expect(mergeAlone(syntax, path, texts)).toBeUndefined();
  });
});
