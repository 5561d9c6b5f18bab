import { expect, test } from "vitest";
import type { SyntaxNode } from "../../../src/core/syntax.ts";
import { markdownTree } from "../../../src/syntax/markdown-tree.ts";

/** The types of all nodes and the texts of the leaves, indented. */
function drawn(node: SyntaxNode, text: string, depth = 0): readonly string[] {
  const own =
    node.children.length === 0 ? ` ${JSON.stringify(text.slice(node.start, node.end))}` : "";
  return [
    `${" ".repeat(depth)}${node.type}${own}`,
    ...node.children.flatMap((child) => drawn(child, text, depth + 1)),
  ];
}

function draw(text: string): readonly string[] {
  const tree = markdownTree(text);
  return tree ? drawn(tree, text) : [];
}

test("what stands under a heading is a section, nested by depth", () => {
  const lines = draw("# A\n\n😀 text\n\n## B\n\nb\n\n# C\n");

  expect(lines).toEqual([
    "document",
    " section",
    '  heading "# A"',
    '  paragraph "😀 text"',
    "  section",
    '   heading "## B"',
    '   paragraph "b"',
    " section",
    '  heading "# C"',
  ]);
});

test("underlined headings are headings", () => {
  const lines = draw("A\n===\n\nB\n---\n\nb\n\n---\n");

  expect(lines).toEqual([
    "document",
    " section",
    '  heading "A\\n==="',
    "  section",
    '   heading "B\\n---"',
    '   paragraph "b"',
    '   thematicBreak "---"',
  ]);
});

test("items of lists and their marks are leaves", () => {
  const lines = draw("- a\n- b\n  - c\n");

  expect(lines).toEqual([
    "document",
    " list",
    "  listItem",
    '   text "-"',
    '   paragraph "a"',
    "  listItem",
    '   text "-"',
    '   paragraph "b"',
    "   list",
    "    listItem",
    '     text "-"',
    '     paragraph "c"',
  ]);
});

test("headings in code are code", () => {
  const lines = draw("```\n# A\n```\n");

  expect(lines).toEqual(["document", ' code "```\\n# A\\n```"']);
});

test("front matter is no heading", () => {
  const lines = draw("---\ntitle: A\n---\n\n# B\n");

  expect(lines).toEqual([
    "document",
    ' front_matter "---\\ntitle: A\\n---"',
    " section",
    '  heading "# B"',
  ]);
});

test("the mark of an encoding moves no offset", () => {
  const text = "\uFEFF# A\n";

  const heading = markdownTree(text)?.children.at(-1)?.children[0];

  expect(heading && text.slice(heading.start, heading.end)).toBe("# A");
});

test.each([
  ["longer than a quarter of a mebibyte", "a\n".repeat(140_000)],
  ["with quotes in quotes past all sense", "> ".repeat(60)],
  ["indented past all sense", `${" ".repeat(120)}- a`],
])("a text %s has no tree", (_, text) => {
  const tree = markdownTree(text);

  expect(tree).toBeUndefined();
});
