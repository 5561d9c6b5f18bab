import { fieldOf, importOf, named, textOf } from "../identify.ts";
import type { Identify, Language } from "../language.ts";

const use: Identify = (node, text) => {
  const path = textOf(node, text);
  const open = path.indexOf("{");
  return open < 0
    ? { key: `import ${path}`, free: true, first: true }
    : importOf(path.slice(0, open));
};

const implementation: Identify = (node, text) => {
  const parts = [fieldOf(node, "trait"), fieldOf(node, "type")];
  const key = parts.map((part) => part && textOf(part, text)).join(" for ");
  const parameters = fieldOf(node, "type_parameters");
  return {
    key: `impl ${key}`,
    free: true,
    ...(parameters && { detail: textOf(parameters, text) }),
  };
};

/** A module's or variant's order has no meaning unless numbers follow from it. */
const variant: Identify = (node, text) => {
  const name = fieldOf(node, "name");
  return name && { key: `variant ${textOf(name, text)}`, free: !fieldOf(node, "value") };
};

const statement: Identify = (node, text) => {
  const pattern = fieldOf(node, "pattern");
  return pattern && { key: `let ${textOf(pattern, text)}`, free: false };
};

/** Rust. */
export const rust: Language = {
  comments: ["line_comment", "block_comment"],
  leading: ["attribute_item"],
  bodies: {
    source_file: {},
    declaration_list: {},
    block: {},
    field_declaration_list: { separator: "," },
    enum_variant_list: { separator: "," },
    field_initializer_list: { separator: "," },
    use_list: { separator: ",", set: true },
    match_block: { separator: ",", bare: "}" },
    array_expression: { separator: ",", sortable: true },
  },
  members: {
    use_declaration: use,
    function_item: named("function"),
    function_signature_item: named("function"),
    struct_item: named("type"),
    enum_item: named("type"),
    union_item: named("type"),
    trait_item: named("type"),
    type_item: named("type"),
    associated_type: named("type"),
    mod_item: named("module"),
    const_item: named("constant"),
    static_item: named("constant"),
    impl_item: implementation,
    field_declaration: named("field"),
    field_initializer: named("field", { by: "field" }),
    enum_variant: variant,
    match_arm: named("arm", { by: "pattern", ordered: true }),
    let_declaration: statement,
  },
};
