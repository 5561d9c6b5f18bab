import type { SyntaxNode } from "./syntax.ts";

/** The text of a node. */
export type Read = (node: SyntaxNode) => string;

interface Rule {
  readonly kind: string;
  /** None where it has no name of its own. */
  readonly names: (node: SyntaxNode, read: Read) => readonly string[];
  /** True where what stands inside it is defined in its name. */
  readonly opens?: boolean;
}

/** How one language names its parts, by the grammar's types of nodes. */
export interface Defining {
  readonly defines: Readonly<Record<string, Rule>>;
  /** What is looked into though it has no name. */
  readonly through: readonly string[];
  /** What of these belongs to the definition in it, where it holds one. */
  readonly wraps: readonly string[];
  /** What belongs to the definition right below it. */
  readonly leads: readonly string[];
  readonly imports: readonly string[];
}

function fieldOf(node: SyntaxNode, name: string): SyntaxNode | undefined {
  return node.children.find(({ field }) => field === name);
}

function by(field: string): Rule["names"] {
  return (node, read) => {
    const name = fieldOf(node, field);
    return name ? [read(name)] : [];
  };
}

/** The names in the children of one type. */
function each(type: string, field: string): Rule["names"] {
  return (node, read) =>
    node.children.filter((child) => child.type === type).flatMap((child) => by(field)(child, read));
}

const define = (kind: string, names: Rule["names"] = by("name")): Rule => ({ kind, names });
const open = (kind: string, names: Rule["names"] = by("name")): Rule => ({
  kind,
  names,
  opens: true,
});

const unquoted = (text: string) => text.replaceAll(/^["']|["']$/g, "");

const script: Defining = {
  defines: {
    function_declaration: define("function"),
    generator_function_declaration: define("function"),
    function_signature: define("function"),
    class_declaration: open("class"),
    abstract_class_declaration: open("class"),
    interface_declaration: define("interface"),
    type_alias_declaration: define("type"),
    enum_declaration: define("enum"),
    lexical_declaration: define("value", each("variable_declarator", "name")),
    variable_declaration: define("value", each("variable_declarator", "name")),
    method_definition: define("method"),
    public_field_definition: define("field"),
    field_definition: define("field", by("property")),
    internal_module: open("namespace"),
    module: open("namespace"),
  },
  through: [
    "program",
    "export_statement",
    "ambient_declaration",
    "expression_statement",
    "class_body",
    "statement_block",
  ],
  wraps: ["export_statement", "ambient_declaration", "expression_statement"],
  leads: ["comment", "decorator"],
  imports: ["import_statement"],
};

const python: Defining = {
  defines: {
    function_definition: define("function"),
    class_definition: open("class"),
    assignment: define("value", by("left")),
  },
  through: [
    "module",
    "block",
    "decorated_definition",
    "expression_statement",
    "if_statement",
    "else_clause",
    "try_statement",
    "except_clause",
  ],
  wraps: ["decorated_definition", "expression_statement"],
  leads: ["comment"],
  imports: ["import_statement", "import_from_statement", "future_import_statement"],
};

/** `func (s *Server) Serve()` is `Server.Serve`. */
const goMethod: Rule["names"] = (node, read) => {
  const [receiver, name] = [fieldOf(node, "receiver"), fieldOf(node, "name")];
  if (!receiver || !name) return [];
  const type = /(?<type>\w+)(?:\[.*\])?\s*\)$/.exec(read(receiver))?.groups?.type;
  return [type === undefined ? read(name) : `${type}.${read(name)}`];
};

const go: Defining = {
  defines: {
    function_declaration: define("function"),
    method_declaration: define("method", goMethod),
    type_spec: define("type"),
    type_alias: define("type"),
    const_spec: define("value"),
    var_spec: define("value"),
  },
  through: [
    "source_file",
    "type_declaration",
    "const_declaration",
    "var_declaration",
    "var_spec_list",
  ],
  wraps: ["type_declaration", "const_declaration", "var_declaration"],
  leads: ["comment"],
  imports: ["import_declaration"],
};

const rust: Defining = {
  defines: {
    function_item: define("function"),
    struct_item: define("struct"),
    enum_item: define("enum"),
    union_item: define("union"),
    trait_item: open("trait"),
    impl_item: open("impl", by("type")),
    mod_item: open("module"),
    const_item: define("value"),
    static_item: define("value"),
    type_item: define("type"),
    macro_definition: define("macro"),
  },
  through: ["source_file", "declaration_list", "foreign_mod_item"],
  wraps: [],
  leads: ["line_comment", "block_comment", "attribute_item"],
  imports: ["use_declaration", "extern_crate_declaration"],
};

const java: Defining = {
  defines: {
    class_declaration: open("class"),
    interface_declaration: open("interface"),
    enum_declaration: open("enum"),
    record_declaration: open("record"),
    annotation_type_declaration: define("annotation"),
    method_declaration: define("method"),
    constructor_declaration: define("constructor"),
    field_declaration: define("field", each("variable_declarator", "name")),
  },
  through: ["program", "class_body", "interface_body", "enum_body", "enum_body_declarations"],
  wraps: [],
  leads: ["line_comment", "block_comment"],
  imports: ["import_declaration"],
};

const css: Defining = {
  defines: {
    rule_set: define("rule", (node, read) =>
      node.children.slice(0, 1).map((selectors) => read(selectors).replaceAll(/\s+/g, " ")),
    ),
  },
  through: ["stylesheet"],
  wraps: [],
  leads: ["comment"],
  imports: ["import_statement"],
};

/** The first line of a section without its signs. */
const heading: Rule["names"] = (node, read) => {
  const first = fieldOf(node, "heading");
  const words =
    first &&
    read(first)
      .split("\n")[0]
      ?.replaceAll(/^[\s#]+|[\s#]+$/g, "");
  return words ? [words] : [];
};

const markdown: Defining = {
  defines: { section: open("section", heading) },
  through: ["document"],
  wraps: [],
  leads: [],
  imports: [],
};

const key: Rule["names"] = (node, read) => by("key")(node, read).map(unquoted);
/** TOML's grammar names no fields. */
const firstKey: Rule["names"] = (node, read) => {
  const name = node.children.find(({ type }) => type.endsWith("key"));
  return name ? [read(name)] : [];
};

const data = (defines: Defining["defines"], through: readonly string[]): Defining => ({
  defines,
  through,
  wraps: [],
  leads: ["comment"],
  imports: [],
});

/** By the name of the language. */
export const DEFINING: Readonly<Record<string, Defining>> = {
  typescript: script,
  tsx: script,
  javascript: script,
  python,
  go,
  rust,
  java,
  css,
  markdown,
  json: data({ pair: define("key", key) }, ["document", "object"]),
  yaml: data({ block_mapping_pair: define("key", key) }, [
    "stream",
    "document",
    "block_node",
    "block_mapping",
  ]),
  toml: data(
    {
      pair: define("key", firstKey),
      table: define("table", firstKey),
      table_array_element: define("table", firstKey),
    },
    ["document"],
  ),
};
