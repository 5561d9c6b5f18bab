import type { SyntaxNode } from "../../core/syntax.ts";
import { childOf, fieldOf, type Read, unquoted } from "./shape.ts";

/** How a language makes names known: data, by the types of its grammar. */
export interface Naming {
  /** What brings names from elsewhere, and which. */
  readonly imports: Readonly<Record<string, (node: SyntaxNode, read: Read) => readonly string[]>>;
  /** True for an import whose names no other import may bring too. */
  readonly isAlone?: (node: SyntaxNode, read: Read) => boolean;
  /** In which fields of a node new names stand; `*` where all of it does. */
  readonly binds: Readonly<Record<string, readonly string[]>>;
  /** What has names of its own; its own name belongs to what is around it. */
  readonly scopes: ReadonlySet<string>;
  /** Fields whose words are looked up in something else, such as the members of a value. */
  readonly foreign: Readonly<Record<string, readonly string[]>>;
}

const LEAVES = new Set([
  "identifier",
  "type_identifier",
  "package_identifier",
  "shorthand_property_identifier",
  "shorthand_property_identifier_pattern",
  "shorthand_field_identifier",
]);

/** True for a node that is a name and nothing else. */
export function isName({ type, children }: SyntaxNode): boolean {
  return children.length === 0 && LEAVES.has(type);
}

const each = (names: string, ...fields: readonly string[]) =>
  Object.fromEntries(names.split(" ").map((name) => [name, fields]));

/** What an import names last: the thing itself, or the name that it gets here. */
function lastOf(node: SyntaxNode, read: Read): readonly string[] {
  const own = fieldOf(node, "alias") ?? fieldOf(node, "name");
  if (own) return lastOf(own, read);
  const last = node.children.findLast(isName);
  if (last) return [read(last)];
  return isName(node) ? [read(node)] : [];
}

function leaves(node: SyntaxNode, read: Read): readonly string[] {
  if (isName(node)) return [read(node)];
  const { children } = node;
  if (node.type === "import_specifier") return lastOf(node, read);
  return children.flatMap((child) => leaves(child, read));
}

const script: Naming = {
  imports: { import_statement: leaves },
  binds: {
    ...each("variable_declarator function_declaration generator_function_declaration", "name"),
    ...each("function_signature function_expression class class_declaration", "name"),
    ...each("abstract_class_declaration interface_declaration enum_declaration", "name"),
    ...each("type_alias_declaration type_parameter internal_module module", "name"),
    ...each("required_parameter optional_parameter", "pattern"),
    ...each("arrow_function catch_clause", "parameter"),
    ...each("for_in_statement", "left"),
    // Plain JavaScript has patterns right among the parameters.
    ...each("formal_parameters infer_type", "*"),
    ...each("mapped_type_clause", "name"),
  },
  scopes: new Set(
    "function_declaration generator_function_declaration function_expression arrow_function method_definition class class_declaration abstract_class_declaration function_signature interface_declaration type_alias_declaration".split(
      " ",
    ),
  ),
  foreign: {},
};

function pythonNames(node: SyntaxNode, read: Read): readonly string[] {
  return node.children
    .filter(({ field }) => field === "name")
    .flatMap((part) => {
      if (fieldOf(part, "alias")) return lastOf(part, read);
      // `import a.b` makes `a` known.
      const first = part.children.find(isName);
      return first ? [read(first)] : [];
    });
}

const python: Naming = {
  imports: { import_statement: pythonNames, import_from_statement: pythonNames },
  binds: {
    ...each("function_definition class_definition named_expression", "name"),
    ...each("assignment augmented_assignment for_statement for_in_clause", "left"),
    ...each("default_parameter typed_default_parameter", "name"),
    ...each("as_pattern_target global_statement nonlocal_statement case_pattern", "*"),
    ...each("type_alias_statement", "left"),
    ...each("parameters lambda_parameters typed_parameter type_parameter", "*"),
  },
  scopes: new Set(["function_definition", "class_definition", "lambda"]),
  foreign: { attribute: ["attribute"], keyword_argument: ["name"] },
};

/** The name of a Go package is told by its address, but for versions and such. */
function goNames(node: SyntaxNode, read: Read): readonly string[] {
  const name = fieldOf(node, "name");
  if (name) return [read(name)];
  const path = fieldOf(node, "path");
  const words = path ? unquoted(read(path)).split("/") : [];
  const last = words.findLast((word) => !/^v\d+$/.test(word)) ?? "";
  return [last.replace(/\.v\d+$|\.go$/, "").replace(/^go-|-go$/, "")];
}

const go: Naming = {
  imports: { import_spec: goNames },
  isAlone: () => true,
  binds: {
    ...each("function_declaration type_spec type_alias const_spec var_spec", "name"),
    ...each("parameter_declaration variadic_parameter_declaration", "name"),
    ...each("type_parameter_declaration", "name"),
    ...each("short_var_declaration range_clause receive_statement", "left"),
    ...each("type_switch_statement", "alias"),
    ...each("package_clause", "*"),
  },
  scopes: new Set("function_declaration method_declaration func_literal type_spec".split(" ")),
  foreign: {},
};

function rustNames(node: SyntaxNode, read: Read): readonly string[] {
  const list = fieldOf(node, "list");
  if (list)
    return rustNames(list, read).map((name) => (name === "self" ? selfOf(node, read) : name));
  if (node.type === "use_list") return node.children.flatMap((part) => rustNames(part, read));
  if (node.type === "self") return ["self"];
  if (node.type === "use_wildcard") return [];
  return lastOf(node, read);
}

function selfOf(node: SyntaxNode, read: Read): string {
  const path = fieldOf(node, "path");
  return (path && lastOf(path, read)[0]) ?? "self";
}

const rust: Naming = {
  imports: {
    use_declaration: (node, read) => {
      const argument = fieldOf(node, "argument");
      return argument ? rustNames(argument, read) : [];
    },
    extern_crate_declaration: lastOf,
  },
  isAlone: () => true,
  binds: {
    ...each("function_item function_signature_item struct_item enum_item union_item", "name"),
    ...each("trait_item type_item associated_type const_item static_item mod_item", "name"),
    ...each("macro_definition type_parameter const_parameter enum_variant", "name"),
    ...each("parameter let_declaration for_expression match_arm let_condition", "pattern"),
    ...each("closure_parameters", "*"),
  },
  scopes: new Set(
    "function_item closure_expression struct_item enum_item union_item trait_item type_item impl_item mod_item match_arm".split(
      " ",
    ),
  ),
  foreign: {
    ...each("scoped_identifier scoped_type_identifier", "name"),
  },
};

const java: Naming = {
  imports: {
    import_declaration: (node, read) =>
      childOf(node, "asterisk")
        ? []
        : lastOf(node.children.find(({ isNamed }) => isNamed) ?? node, read),
  },
  // Methods of one name may come from several classes.
  isAlone: (node) => !childOf(node, "static"),
  binds: {
    ...each("class_declaration interface_declaration enum_declaration", "name"),
    ...each("record_declaration annotation_type_declaration method_declaration", "name"),
    ...each("constructor_declaration variable_declarator enum_constant resource", "name"),
    ...each("formal_parameter catch_formal_parameter enhanced_for_statement", "name"),
    ...each("instanceof_expression type_pattern record_pattern_component", "name"),
    ...each("lambda_expression", "parameters"),
    ...each("type_parameter inferred_parameters", "*"),
  },
  scopes: new Set(
    "class_declaration interface_declaration enum_declaration record_declaration method_declaration constructor_declaration lambda_expression".split(
      " ",
    ),
  ),
  foreign: { field_access: ["field"], method_invocation: ["name"] },
};

/** By the name of the language. */
export const NAMINGS: Readonly<Record<string, Naming>> = {
  typescript: script,
  tsx: script,
  javascript: script,
  python,
  go,
  rust,
  java,
};
