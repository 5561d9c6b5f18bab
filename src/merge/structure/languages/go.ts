import { childOf, fieldOf, named, textOf, wrapping } from "../identify.ts";
import type { Identify, Language } from "../language.ts";

const method: Identify = (node, text) => {
  const receiver = fieldOf(node, "receiver");
  const name = fieldOf(node, "name");
  if (!receiver || !name) return undefined;
  const type = receiver.children.find((child) => child.isNamed)?.children.at(-1) ?? receiver;
  return { key: `method ${textOf(type, text)} ${textOf(name, text)}`, free: true };
};

const imports: Identify = (node, text) => {
  const single = childOf(node, "import_spec");
  return { key: `imports ${single ? textOf(single, text) : ""}`, free: true, first: true };
};

const constants: Identify = (node, text) => {
  const names = node.children
    .filter((child) => child.type === "const_spec" || child.type === "var_spec")
    .map((child) => fieldOf(child, "name"));
  const first = names[0];
  return first && { key: `values ${textOf(first, text)}`, free: false };
};

const members: Readonly<Record<string, Identify>> = {
  import_declaration: imports,
  import_spec: (node, text) => ({ key: `import ${textOf(node, text)}`, free: true }),
  function_declaration: named("function"),
  method_declaration: method,
  type_declaration: wrapping(() => members),
  type_spec: named("type"),
  type_alias: named("type"),
  field_declaration: named("field"),
  method_elem: named("field"),
  keyed_element: named("key", { by: "key" }),
  const_declaration: constants,
  var_declaration: constants,
  const_spec: named("value", { ordered: true }),
  var_spec: named("value", { ordered: true }),
  expression_case: named("case", { by: "value", ordered: true }),
};

/** Go. */
export const go: Language = {
  comments: ["comment"],
  leading: [],
  bodies: {
    source_file: { absorbs: ["\n"] },
    statement_list: { absorbs: ["\n"] },
    import_spec_list: { absorbs: ["\n"] },
    field_declaration_list: { absorbs: ["\n"] },
    interface_type: { absorbs: ["\n"] },
    literal_value: { separator: "," },
    const_declaration: { only: ["const_spec"], absorbs: ["\n"] },
    var_spec_list: { absorbs: ["\n"] },
  },
  members,
};
