import type { SyntaxNode } from "../../../core/syntax.ts";
import {
  childOf,
  type Declares,
  fieldOf,
  named,
  type Read,
  type Shape,
  squash,
  unquoted,
  withParameters,
} from "../shape.ts";

const TEST = /^(?:describe|it|test|suite|context|specify|bench)(?:\.\w+)*$/;

const LITERALS = new Set(["string", "template_string"]);

/** The title of a test or of a group of tests. */
function titleOf(call: SyntaxNode, read: Read): readonly string[] {
  const callee = fieldOf(call, "function");
  const inner = callee?.type === "call_expression" ? fieldOf(callee, "function") : callee;
  if (!(inner && TEST.test(read(inner)))) return [];
  const title = fieldOf(call, "arguments")?.children.find((child) => child.isNamed);
  return title && LITERALS.has(title.type) ? [unquoted(read(title))] : [];
}

const BOUND = new Set(["identifier", "shorthand_property_identifier_pattern"]);

/** Every name that a pattern binds. */
function boundBy(pattern: SyntaxNode, read: Read): readonly string[] {
  if (BOUND.has(pattern.type)) return [read(pattern)];
  const skipsKey = pattern.type === "pair_pattern" || pattern.type.includes("assignment_pattern");
  const parts = skipsKey
    ? pattern.children.filter(({ field }) => field === "value" || field === "left")
    : pattern.children;
  return parts.flatMap((part) => boundBy(part, read));
}

function declaratorNames(node: SyntaxNode, read: Read): readonly string[] {
  const name = fieldOf(node, "name");
  return name ? boundBy(name, read) : [];
}

/** `default`, `* as all` and single names of an import, each with its own name in the file. */
function importedBy(node: SyntaxNode, read: Read): readonly (readonly [string, string])[] {
  const clause = childOf(node, "import_clause");
  return (clause?.children ?? []).flatMap((part): (readonly [string, string])[] => {
    if (part.type === "identifier") return [["default", read(part)]];
    if (part.type === "namespace_import") {
      const name = childOf(part, "identifier");
      return [["*", name ? read(name) : ""]];
    }
    return part.children
      .filter(({ type }) => type === "import_specifier")
      .map((one) => specifier(one, read));
  });
}

function specifier(node: SyntaxNode, read: Read): readonly [string, string] {
  const name = fieldOf(node, "name");
  const alias = fieldOf(node, "alias") ?? name;
  return [name ? read(name) : "", alias ? read(alias) : ""];
}

function importNames(node: SyntaxNode, read: Read): readonly string[] {
  const source = fieldOf(node, "source");
  const from = source ? unquoted(read(source)) : "";
  const names = importedBy(node, read).map(([name, as]) => `${from}: ${name} as ${as}`);
  return names.length > 0 ? names : [from];
}

function methodNames(node: SyntaxNode, read: Read): readonly string[] {
  const name = fieldOf(node, "name");
  const kind = childOf(node, "get", "set");
  return name ? [`${kind ? `${kind.type} ` : ""}${unquoted(read(name))}`] : [];
}

const by = (what: string, more: Partial<Declares> = {}): Declares => ({
  what,
  names: named(),
  ...more,
});

const code = { isCode: true };

/** TypeScript, JavaScript and both with JSX. */
export const script: Shape = {
  declares: {
    function_declaration: by("function", code),
    generator_function_declaration: by("function", code),
    function_signature: by("function", { names: withParameters }),
    class_declaration: by("class"),
    abstract_class_declaration: by("class"),
    interface_declaration: by("interface"),
    type_alias_declaration: by("type"),
    enum_declaration: by("enum"),
    internal_module: by("namespace"),
    module: by("module"),
    variable_declarator: by("variable", { names: declaratorNames }),
    method_definition: by("method", { names: methodNames, ...code }),
    method_signature: by("method", { names: withParameters }),
    abstract_method_signature: by("method", { names: withParameters }),
    public_field_definition: by("field"),
    field_definition: by("field", { names: named("property") }),
    property_signature: by("property"),
    enum_body: by("enum member", { isList: true }),
    enum_assignment: by("enum member"),
    pair: by("key", {
      names: (node, read) => named("key")(node, read).map(unquoted),
      space: "key",
    }),
    shorthand_property_identifier: by("key", {
      names: (node, read) => [read(node)],
      space: "key",
    }),
    jsx_attribute: by("attribute", {
      names: (node, read) => node.children.slice(0, 1).map(read),
      space: "attribute",
      isList: true,
    }),
    call_expression: by("test", { names: titleOf, space: "test" }),
    import_statement: by("import", {
      names: importNames,
      space: "import",
      binds: (node, read) => importedBy(node, read).map(([, as]) => as),
    }),
    // A module has one at most, and no grammar minds a second.
    export_statement: by("export", {
      names: (node) => (childOf(node, "default") ? ["default"] : []),
      space: "export",
      isList: true,
    }),
    export_specifier: by("export", {
      names: (node, read) => [squash(read(node))],
      space: "export",
    }),
  },
  blocks: new Set([
    "statement_block",
    "object",
    "object_type",
    "for_statement",
    "for_in_statement",
    "switch_body",
    "catch_clause",
    "arrow_function",
    "function_expression",
    "class_body",
    "jsx_opening_element",
    "jsx_self_closing_element",
  ]),
};
