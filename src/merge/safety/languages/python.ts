import type { SyntaxNode } from "../../../core/syntax.ts";
import { fieldOf, named, type Read, type Shape, unquoted } from "../shape.ts";

interface Imported {
  readonly name: string;
  readonly as: string;
}

function importedBy(node: SyntaxNode, read: Read): readonly Imported[] {
  return node.children
    .filter(({ field, type }) => field === "name" || type === "wildcard_import")
    .map((part) => {
      const name = fieldOf(part, "name");
      const alias = fieldOf(part, "alias");
      if (name && alias) return { name: read(name), as: read(alias) };
      // `import a.b` puts `a` into the scope, and so may `import a.c` beside it.
      return { name: read(part), as: read(part) };
    });
}

function fromNames(node: SyntaxNode, read: Read): readonly string[] {
  const module = fieldOf(node, "module_name");
  const from = module ? read(module) : "__future__";
  return importedBy(node, read).map(({ name, as }) => `${from}: ${name} as ${as}`);
}

const binds = (node: SyntaxNode, read: Read) =>
  importedBy(node, read)
    .map(({ as }) => as)
    .filter((as) => as !== "*");

function assigned(node: SyntaxNode, read: Read): readonly string[] {
  const left = fieldOf(node, "left");
  if (left?.type === "identifier") return [read(left)];
  return left?.type === "pattern_list"
    ? left.children.filter(({ type }) => type === "identifier").map(read)
    : [];
}

/** Python, where a test is a function by its name. */
export const python: Shape = {
  declares: {
    function_definition: { what: "function", names: named(), isCode: true },
    class_definition: { what: "class", names: named() },
    assignment: { what: "variable", names: assigned, outsideCode: true },
    pair: {
      what: "key",
      names: (node, read) => named("key")(node, read).map(unquoted),
      space: "key",
    },
    keyword_argument: { what: "argument", names: named(), space: "argument", isList: true },
    import_statement: {
      what: "import",
      names: (node, read) => importedBy(node, read).map(({ name, as }) => `${name} as ${as}`),
      space: "import",
      binds,
    },
    import_from_statement: { what: "import", names: fromNames, space: "import", binds },
    future_import_statement: { what: "import", names: fromNames, space: "import" },
  },
  blocks: new Set(["block", "dictionary", "argument_list"]),
};
