import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { Syntax, SyntaxNode } from "../../../../src/core/syntax.ts";
import { languageNamed } from "../../../../src/merge/structure/known-languages.ts";
import { outlineOf, partText, type Source } from "../../../../src/merge/structure/outline.ts";
import { createSyntax } from "../../../../src/syntax/create-syntax.ts";

let syntax: Syntax;
beforeAll(async () => {
  syntax = await createSyntax();
});

const ROOT = join(import.meta.dirname, "../../../..");
const FILES = [
  "package.json",
  "README.md",
  "docker/compose.yaml",
  ...readdirSync(join(ROOT, "src/merge/structure"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join("src/merge/structure", name)),
];

function rejoined(node: SyntaxNode, source: Source): string | undefined {
  const outline = outlineOf(node, source);
  if (!outline) return undefined;
  const members = outline.members.map(
    (member) => member.lead + partText(member) + member.separator + member.trail,
  );
  return outline.head + members.join("") + outline.tail;
}

function containersIn(node: SyntaxNode, source: Source): readonly SyntaxNode[] {
  const inside = node.children.flatMap((child) => containersIn(child, source));
  return source.language.bodies[node.type] ? [node, ...inside] : inside;
}

describe("a container cut into its members", () => {
  it.each(FILES)("is its text again when joined, everywhere in %s", (path) => {
    const text = readFileSync(join(ROOT, path), "utf8");
    const tree = syntax.parse(path, text);
    const language = tree && languageNamed(tree.language);
    if (!tree || !language) throw new Error("no tree");
    const source = { text, language };

    const containers = containersIn(tree.root, source);

    expect(containers.length).toBeGreaterThan(0);
    for (const node of containers) {
      const again = rejoined(node, source);
      if (again !== undefined) expect(again).toBe(text.slice(node.start, node.end));
    }
  });
});
