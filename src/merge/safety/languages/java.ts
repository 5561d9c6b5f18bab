import type { SyntaxNode } from "../../../core/syntax.ts";
import { type Declares, fieldOf, named, type Read, type Shape, squash } from "../shape.ts";

/** The name with the types of its parameters: that is what may be declared only once. */
function signature(node: SyntaxNode, read: Read): readonly string[] {
  const name = fieldOf(node, "name");
  const parameters = fieldOf(node, "parameters")?.children ?? [];
  const types = parameters
    .filter(({ isNamed }) => isNamed)
    .map((parameter) => squash(read(fieldOf(parameter, "type") ?? parameter)));
  return name ? [`${read(name)}(${types.join(",")})`] : [];
}

const by = (what: string, more: Partial<Declares> = {}): Declares => ({
  what,
  names: named(),
  ...more,
});

/** Java, where a test is a method with a mark. */
export const java: Shape = {
  declares: {
    class_declaration: by("class"),
    interface_declaration: by("interface"),
    enum_declaration: by("enum"),
    record_declaration: by("record"),
    annotation_type_declaration: by("annotation"),
    method_declaration: by("method", { names: signature, isCode: true }),
    constructor_declaration: by("constructor", { names: signature, isCode: true }),
    variable_declarator: by("variable"),
    enum_constant: by("enum constant"),
    import_declaration: by("import", {
      names: (node, read) => [squash(read(node))],
      space: "import",
    }),
  },
  blocks: new Set([
    "block",
    "for_statement",
    "enhanced_for_statement",
    "try_with_resources_statement",
    "switch_block",
    "lambda_expression",
    "class_body",
  ]),
};
