import type { SyntaxNode } from "../../../core/syntax.ts";
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

/** Longer lists of attributes are not looked through. In UTF-16 units. */
const mostAttributes = 2000;

/** Numbers and memory follow from the order under `repr`, comparisons under `Ord`. */
function isRanked(body: SyntaxNode, text: string): boolean {
  const before = text.slice(Math.max(0, body.start - mostAttributes), body.start);
  const own = before.slice(
    Math.max(...["}", "{", ";"].map((sign) => before.lastIndexOf(sign))) + 1,
  );
  return /\brepr\s*\(|\b(?:Partial)?Ord\b/.test(own);
}

/** The place of a variant among the others is read as a number. */
function isCounted(body: SyntaxNode, text: string): boolean {
  const name = /\benum\s+(\w+)[^{}]*$/.exec(
    text.slice(Math.max(0, body.start - mostAttributes), body.start),
  )?.[1];
  return [...text.matchAll(/\b(self|(\w+)::\w+)\s+as\s+[iu](?:\d+|size)\b/g)].some(
    ([, value, type]) => value === "self" || type === "Self" || type === name,
  );
}

/** A variant without a number has the one after the number before it. */
function hasNumbers(body: SyntaxNode): boolean {
  return body.children.some((variant) => fieldOf(variant, "value") !== undefined);
}

const statement: Identify = (node, text) => {
  const pattern = fieldOf(node, "pattern");
  return pattern && { key: `let ${textOf(pattern, text)}`, free: false };
};

/** A value that can be written in one way only: `16` and `0x10`, `"b"` and `r"b"` are the same. */
const LITERAL = /^(?:"[^"\\]*"|'[^'\\]'|0|[1-9]\d*|true|false)$/;

/** Of arms for different values only one is ever taken, whichever stands first. */
const arm: Identify = (node, text) => {
  const pattern = fieldOf(node, "pattern");
  const parts = pattern?.children.filter(({ isNamed }) => isNamed) ?? [];
  const isLiteral = parts.length === 1 && parts.every((part) => LITERAL.test(textOf(part, text)));
  return pattern && { key: `arm ${textOf(pattern, text)}`, free: isLiteral };
};

/** Rust. */
export const rust: Language = {
  comments: ["line_comment", "block_comment"],
  leading: ["attribute_item"],
  bodies: {
    source_file: {},
    declaration_list: {},
    block: {},
    field_declaration_list: { separator: ",", counts: isRanked },
    enum_variant_list: {
      separator: ",",
      counts: (node, text) => hasNumbers(node) || isRanked(node, text) || isCounted(node, text),
    },
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
    shorthand_field_initializer: (node, text) => ({
      key: `field ${textOf(node, text)}`,
      free: true,
    }),
    enum_variant: named("variant"),
    match_arm: arm,
    let_declaration: statement,
  },
};
