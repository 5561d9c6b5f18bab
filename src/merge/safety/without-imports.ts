import type { SyntaxNode, SyntaxTree } from "../../core/syntax.ts";

const IMPORTS = new Set([
  "import_statement",
  "import_from_statement",
  "future_import_statement",
  "import_declaration",
  "use_declaration",
  "extern_crate_declaration",
]);

function importsIn({
  type,
  children,
  ...node
}: SyntaxNode): readonly (readonly [number, number])[] {
  return IMPORTS.has(type) ? [[node.start, node.end]] : children.flatMap(importsIn);
}

/** A text without its imports, wherever they stand. */
export function withoutImports({ root }: SyntaxTree, text: string): string {
  let rest = "";
  let at = 0;
  for (const [start, end] of importsIn(root)) {
    rest += text.slice(at, start);
    at = end;
  }
  return rest + text.slice(at);
}
