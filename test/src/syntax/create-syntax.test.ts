import { expect, test } from "vitest";
import type { SyntaxNode } from "../../../src/core/syntax.ts";
import { createSyntax, createSyntaxFor } from "../../../src/syntax/create-syntax.ts";
import { SYNTAX_CASES } from "./syntax-cases.ts";

const syntax = await createSyntax();

function every(node: SyntaxNode): readonly SyntaxNode[] {
  return [node, ...node.children.flatMap(every)];
}

/** What the leaves of a tree leave out of its text. */
function leftOut(root: SyntaxNode, text: string): string {
  let at = 0;
  let rest = "";
  for (const leaf of every(root).filter(({ children }) => children.length === 0)) {
    rest += text.slice(at, leaf.start);
    at = Math.max(at, leaf.end);
  }
  return rest + text.slice(at);
}

test.each(SYNTAX_CASES)("$language: a whole text has a tree without errors", (the) => {
  const tree = syntax.parse(the.path, the.whole);

  expect(tree).toMatchObject({ language: the.language, hasErrors: false });
  expect(tree?.root).toMatchObject({ start: 0, end: the.whole.length });
});

test.each(SYNTAX_CASES)("$language: a broken text has a tree with errors", (the) => {
  const tree = syntax.parse(the.path, the.broken);

  expect(tree?.hasErrors).toBe(true);
});

test.each(SYNTAX_CASES)("$language: offsets slice the text, behind emoji too", (the) => {
  const [type, text] = the.covers;

  const tree = syntax.parse(the.path, the.whole);

  const node = tree && every(tree.root).find((one) => one.type === type);
  expect(node && the.whole.slice(node.start, node.end).trimEnd()).toBe(text);
});

test.each(SYNTAX_CASES)("$language: leaves leave out nothing but white space", (the) => {
  const tree = syntax.parse(the.path, the.whole);

  expect(tree && leftOut(tree.root, the.whole)).toMatch(/^\s*$/);
});

test.each(SYNTAX_CASES)("$language: children lie in order inside their parents", (the) => {
  const tree = syntax.parse(the.path, the.whole);

  const strays = every(tree?.root ?? { ...EMPTY }).filter(({ children, start, end }) =>
    children.some((child, index) => {
      const before = children[index - 1]?.end ?? start;
      return child.start < before || child.end > end;
    }),
  );
  expect(strays).toEqual([]);
});

const EMPTY: SyntaxNode = {
  type: "",
  isNamed: false,
  start: 0,
  end: 0,
  field: undefined,
  children: [],
};

test("fields are named as in the grammar", () => {
  const tree = syntax.parse("a.ts", "function f() {}");

  const name = tree?.root.children[0]?.children.find(({ field }) => field === "name");
  expect(name).toMatchObject({ type: "identifier", isNamed: true, start: 9, end: 10 });
});

test("a tree covers the white space at both ends of its text", () => {
  const tree = syntax.parse("a.py", "\n\n  \na = 1\n\n");

  expect(tree?.root).toMatchObject({ start: 0, end: 12 });
});

test("a string without code in it is one token", () => {
  const tree = syntax.parse("a.ts", 'const a = "b\\n";');

  const found = tree && every(tree.root).find(({ type }) => type === "string");
  expect(found?.children).toEqual([]);
});

test("a path without a grammar has no tree", () => {
  const tree = syntax.parse("Makefile", "all:\n");

  expect(tree).toBeUndefined();
});

test("a text past one mebibyte has no tree", () => {
  const tree = syntax.parse("a.json", `"${"a".repeat(1024 * 1024)}"`);

  expect(tree).toBeUndefined();
});

test("brackets nested ten thousand deep have no tree", () => {
  const tree = syntax.parse("a.json", "[".repeat(10_000) + "]".repeat(10_000));

  expect(tree).toBeUndefined();
});

test("a text that was given up does not disturb the next", () => {
  syntax.parse("a.java", "*_[`<".repeat(4000));
  syntax.parse("a.json", "[".repeat(10_000) + "]".repeat(10_000));

  const tree = syntax.parse("a.json", '{ "a": 1 }');

  expect(tree?.hasErrors).toBe(false);
});

const HOSTILE: readonly (readonly [string, string])[] = [
  ["nothing", ""],
  ["NULs", "\0".repeat(1000)],
  ["lone surrogates", "\ud800 a = '\udc00'; \ud800"],
  ["the mark of an encoding", "\uFEFFa: 1\n"],
  ["open brackets", "[".repeat(10_000)],
  ["nested brackets", "({[".repeat(1000) + "]})".repeat(1000)],
  ["one long line", "a ".repeat(2000)],
  ["quotes in quotes", "> ".repeat(2000)],
  ["stars and brackets", "*_[`<".repeat(2000)],
  ["open tags", "<div>".repeat(2000)],
  ["open strings", "\"'`".repeat(2000)],
  ["deep indentation", Array.from({ length: 300 }, (_, n) => `${" ".repeat(n)}a:`).join("\n")],
  [
    "bytes as letters",
    Array.from({ length: 5000 }, (_, n) => String.fromCharCode((n * 37) % 256)).join(""),
  ],
  ["carriage returns", "a\rb\r\nc\r"],
];

const PATHS = [...SYNTAX_CASES.map(({ path }) => path), "a.md"];

test.each(HOSTILE)("%s neither throw nor hang in any language", (_, text) => {
  const trees = PATHS.map((path) => syntax.parse(path, text));

  const ends = trees.flatMap((tree) => (tree ? [tree.root.end] : []));
  expect(new Set(ends).size).toBeLessThanOrEqual(1);
});

test.each(SYNTAX_CASES)(
  "$language: parsed for one file alone, the tree is the same",
  async (the) => {
    const alone = await createSyntaxFor(the.path);

    expect(alone.parse(the.path, the.whole)).toEqual(syntax.parse(the.path, the.whole));
  },
);

test("what was loaded for one file knows the other languages, and has no tree of theirs", async () => {
  const alone = await createSyntaxFor("a.ts");

  expect([alone.languageOf("a.py"), alone.parse("a.py", "a = 1\n")]).toEqual(["python", undefined]);
  expect(alone.parse("a.md", "# A\n")).toBeUndefined();
  expect((await createSyntaxFor("a.unknown")).parse("a.ts", "a;\n")).toBeUndefined();
});

/** Where compiled grammars keep their trees: all memory of WebAssembly is outside of the heap. */
function outside(): number {
  return process.memoryUsage().external;
}

test("a thousand parses take no more memory than fifty", () => {
  const text = "export const a = { b: [1, 2, 3] };\n".repeat(60);
  const parse = (times: number) => {
    for (let done = 0; done < times; done += 1) syntax.parse("a.ts", text);
  };
  parse(50);
  const before = outside();

  parse(1000);

  expect(outside() - before).toBeLessThan(4 * 1024 * 1024);
});

test.each(PATHS)("%s: ten million letters in one line have no tree", (path) => {
  const tree = syntax.parse(path, "a ".repeat(5_000_000));

  expect(tree).toBeUndefined();
});

test.each(PATHS)(
  "%s: a hundred thousand brackets in each other have no tree or a flat one",
  (path) => {
    for (const [open, close] of ["[]", "{}", "()"]) {
      const text = `${open}`.repeat(100_000) + `${close}`.repeat(100_000);

      const tree = syntax.parse(path, text);

      expect(tree?.root.end ?? text.length).toBe(text.length);
    }
  },
);

test("a comment ends before the end of its line", () => {
  const text = "/// a\r\nfn f() {}\n";

  const tree = syntax.parse("a.rs", text);

  const comment = tree?.root.children[0];
  expect(comment && text.slice(comment.start, comment.end)).toBe("/// a");
});

test("a text of eight hundred thousand parts has no tree", () => {
  const tree = syntax.parse("a.json", `[${"1,".repeat(400_000)}1]`);

  expect(tree).toBeUndefined();
});
