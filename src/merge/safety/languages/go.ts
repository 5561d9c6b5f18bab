import type { SyntaxNode } from "../../../core/syntax.ts";
import { fieldOf, named, type Read, type Shape, squash, unquoted } from "../shape.ts";

function methodNames(node: SyntaxNode, read: Read): readonly string[] {
  const name = fieldOf(node, "name");
  const receiver = fieldOf(node, "receiver")?.children.find(({ isNamed }) => isNamed);
  const type = receiver && fieldOf(receiver, "type");
  return name ? [`${type ? squash(read(type)).replace(/^\*/, "") : ""}.${read(name)}`] : [];
}

/** The title of a test inside a test. */
function titleOf(call: SyntaxNode, read: Read): readonly string[] {
  const callee = fieldOf(call, "function");
  const title = fieldOf(call, "arguments")?.children.find(({ isNamed }) => isNamed);
  const isTest = callee && read(callee).endsWith(".Run") && title?.type.endsWith("string_literal");
  return isTest && title ? [unquoted(read(title))] : [];
}

/** `init` may be declared any number of times, and `_` declares nothing. */
const proper = (node: SyntaxNode, read: Read) =>
  named()(node, read).filter((name) => name !== "_" && name !== "init");

function importNames(node: SyntaxNode, read: Read): readonly string[] {
  return [squash(read(node))];
}

/** Go, where a test is a function by its name. */
export const go: Shape = {
  declares: {
    function_declaration: { what: "function", names: proper, isCode: true },
    method_declaration: { what: "method", names: methodNames, isCode: true },
    type_spec: { what: "type", names: proper },
    type_alias: { what: "type", names: proper },
    const_spec: { what: "constant", names: proper },
    var_spec: { what: "variable", names: proper },
    field_declaration: { what: "field", names: proper },
    method_elem: { what: "method", names: proper },
    keyed_element: {
      what: "key",
      names: (node, read) => named("key")(node, read).map(squash),
    },
    import_spec: { what: "import", names: importNames, space: "import" },
    call_expression: { what: "test", names: titleOf, space: "test" },
  },
  blocks: new Set(["block", "literal_value", "expression_case", "type_case", "default_case"]),
};
