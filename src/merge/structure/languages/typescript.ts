import type { SyntaxNode } from "../../../core/syntax.ts";
import { childOf, fieldOf, holds, importOf, named, textOf, unquoted } from "../identify.ts";
import type { Identify, Identity, Language } from "../language.ts";

const TESTS = /^(?:describe|context|suite|it|test)(?:\.(?:only|skip|todo|concurrent))?$/;

/** Values whose making does nothing, so that it does not matter which is made first. */
const LAZY = new Set(["arrow_function", "function_expression", "generator_function"]);

const importStatement: Identify = (node, text) => {
  const source = fieldOf(node, "source");
  if (!source) return undefined;
  // A module that is imported for what it does runs where it stands.
  if (!holds(node, "import_clause")) {
    return { key: `run ${textOf(source, text)}`, free: false, first: true };
  }
  return importOf(`${holds(node, "type") ? "type " : ""}${textOf(source, text)}`);
};

const exportStatement: Identify = (node, text) => {
  const declaration = fieldOf(node, "declaration");
  const identity = declaration && members[declaration.type]?.(declaration, text);
  if (identity) return identity;
  const source = fieldOf(node, "source");
  if (source) {
    const what = childOf(node, "export_clause") ? "some" : "all";
    return { key: `reexport ${what} ${textOf(source, text)}`, free: true, union: true };
  }
  if (childOf(node, "export_clause")) return { key: "exports", free: true };
  return holds(node, "default") ? { key: "default", free: false } : undefined;
};

const declaration: Identify = (node, text) => {
  const declarators = node.children.filter((child) => child.type === "variable_declarator");
  const names = declarators.map((child) => fieldOf(child, "name"));
  const values = declarators.map((child) => fieldOf(child, "value"));
  const name = names.map((child) => child && textOf(child, text)).join(" ");
  return { key: `value ${name}`, free: values.every((value) => value && LAZY.has(value.type)) };
};

function modifiers(node: SyntaxNode): string {
  return ["static", "get", "set"].filter((word) => holds(node, word)).join(" ");
}

function member(by: string, free: boolean): Identify {
  return (node, text) => {
    const name = fieldOf(node, by);
    if (!name) return undefined;
    const parameters = fieldOf(node, "parameters");
    return {
      key: `member ${modifiers(node)} ${unquoted(textOf(name, text))}`,
      free,
      ...(parameters && { detail: textOf(parameters, text) }),
    };
  };
}

function testOf(call: SyntaxNode, text: string): Identity | undefined {
  const title = fieldOf(call, "arguments")?.children[1];
  const callee = fieldOf(call, "function");
  if (!title || !callee || !/^(?:template_)?string$/.test(title.type)) return undefined;
  if (!TESTS.test(textOf(callee, text))) return undefined;
  return { key: `test ${textOf(title, text)}`, free: true };
}

const statement: Identify = (node, text) => {
  const call = node.children[0];
  return call?.type === "call_expression" ? testOf(call, text) : undefined;
};

const bound: Identify = (node, text) => ({ key: `bound ${textOf(node, text)}`, free: true });

const members: Readonly<Record<string, Identify>> = {
  import_statement: importStatement,
  export_statement: exportStatement,
  function_declaration: named("function", { detail: "parameters" }),
  generator_function_declaration: named("function", { detail: "parameters" }),
  function_signature: named("function", { detail: "parameters" }),
  class_declaration: named("class"),
  abstract_class_declaration: named("class"),
  interface_declaration: named("interface"),
  type_alias_declaration: named("type"),
  enum_declaration: named("enum"),
  lexical_declaration: declaration,
  variable_declaration: declaration,
  method_definition: member("name", true),
  method_signature: member("name", true),
  abstract_method_signature: member("name", true),
  property_signature: member("name", true),
  public_field_definition: member("name", false),
  field_definition: member("property", false),
  pair: member("key", true),
  shorthand_property_identifier: (node, text) => ({
    key: `member  ${textOf(node, text)}`,
    free: true,
  }),
  jsx_attribute: (node, text) => {
    const [name] = node.children;
    return name && { key: `attribute ${textOf(name, text)}`, free: true };
  },
  shorthand_property_identifier_pattern: bound,
  object_assignment_pattern: named("bound", { by: "left" }),
  pair_pattern: named("bound", { by: "key" }),
  enum_assignment: named("enumerator"),
  property_identifier: (node, text) => ({ key: `enumerator ${textOf(node, text)}`, free: false }),
  switch_case: named("case", { by: "value", ordered: true }),
  expression_statement: statement,
};

/** TypeScript, TSX and JavaScript: their grammars share the names of nodes. */
export const typescript: Language = {
  runs: true,
  comments: ["comment", "html_comment", "hash_bang_line"],
  leading: ["decorator"],
  bodies: {
    program: {},
    statement_block: {},
    class_body: { absorbs: [";"] },
    interface_body: { absorbs: [";", ","] },
    object_type: { absorbs: [";", ","] },
    object: { separator: "," },
    array: { separator: ",", sortable: true },
    enum_body: { separator: ",", counts: (body) => holds(body, "property_identifier") },
    jsx_opening_element: { field: "attribute" },
    jsx_self_closing_element: { field: "attribute" },
    object_pattern: { separator: "," },
    named_imports: { separator: ",", set: true },
    export_clause: { separator: ",", set: true },
    switch_body: {},
  },
  members,
};
