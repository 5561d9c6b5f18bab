import type { SyntaxNode } from "../../../core/syntax.ts";
import { childOf, fieldOf, named, textOf } from "../identify.ts";
import type { Identify, Language } from "../language.ts";

function typesOf(parameters: SyntaxNode | undefined, text: string): string {
  const types = parameters?.children.map((child) => fieldOf(child, "type")) ?? [];
  return types.map((type) => (type ? textOf(type, text) : "")).join(",");
}

function method(kind: string): Identify {
  return (node, text) => {
    const name = fieldOf(node, "name");
    if (!name) return undefined;
    const types = typesOf(fieldOf(node, "parameters"), text);
    return { key: `${kind} ${textOf(name, text)}`, free: true, detail: types };
  };
}

const field: Identify = (node, text) => {
  const declarator = childOf(node, "variable_declarator");
  const name = declarator && fieldOf(declarator, "name");
  return name && { key: `field ${textOf(name, text)}`, free: false };
};

/** Java. */
export const java: Language = {
  comments: ["line_comment", "block_comment"],
  leading: [],
  bodies: {
    program: {},
    class_body: { absorbs: [";"] },
    interface_body: { absorbs: [";"] },
    enum_body: { separator: ",", only: ["enum_constant"] },
    enum_body_declarations: {},
    block: {},
    constructor_body: {},
    array_initializer: { separator: ",", sortable: true },
  },
  members: {
    import_declaration: (node, text) => ({ key: textOf(node, text), free: true, first: true }),
    class_declaration: named("type"),
    interface_declaration: named("type"),
    enum_declaration: named("type"),
    record_declaration: named("type"),
    annotation_type_declaration: named("type"),
    method_declaration: method("method"),
    constructor_declaration: method("constructor"),
    field_declaration: field,
    enum_constant: named("constant", { ordered: true }),
  },
};
