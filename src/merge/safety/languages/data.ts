import type { SyntaxNode } from "../../../core/syntax.ts";
import { childOf, fieldOf, named, type Read, type Shape, unquoted } from "../shape.ts";

const KEY_TYPES = ["bare_key", "dotted_key", "quoted_key"];

const keyNames = (node: SyntaxNode, read: Read) => named("key")(node, read).map(unquoted);

/** Keys that tell the items of a list apart, in the order in which they are asked. */
const TELLING = ["name", "id", "key"];

/** The value of the first of `pairs` that tells an item from the others. */
function telling(pairs: readonly (readonly [string, string])[]): string | undefined {
  const found = TELLING.flatMap((key) => pairs.filter(([name]) => name === key))[0];
  return found && `[${found[1]}]`;
}

function pairOf(node: SyntaxNode, read: Read): readonly [string, string] {
  const key = fieldOf(node, "key");
  const value = fieldOf(node, "value");
  return [key ? unquoted(read(key)) : "", value ? unquoted(read(value)) : ""];
}

/** JSON with or without comments. */
export const json: Shape = {
  declares: { pair: { what: "key", names: keyNames } },
  blocks: new Set(["object", "array"]),
  item: (node, read) =>
    node.type === "object"
      ? telling(node.children.filter(({ type }) => type === "pair").map((one) => pairOf(one, read)))
      : undefined,
};

/** The mapping that an item of a sequence is. */
function mappingIn(node: SyntaxNode): SyntaxNode | undefined {
  const inner = node.children.find(({ isNamed }) => isNamed);
  if (inner?.type === "block_node" || inner?.type === "flow_node") return mappingIn(inner);
  return inner?.type.endsWith("_mapping") ? inner : undefined;
}

/** YAML, also with several documents. */
export const yaml: Shape = {
  declares: {
    block_mapping_pair: { what: "key", names: keyNames },
    flow_pair: { what: "key", names: keyNames },
  },
  blocks: new Set(["block_mapping", "flow_mapping", "block_sequence", "flow_sequence", "document"]),
  item: (node, read) =>
    node.type === "block_sequence_item"
      ? telling((mappingIn(node)?.children ?? []).map((one) => pairOf(one, read)))
      : undefined,
};

function tomlKey(node: SyntaxNode, read: Read): readonly string[] {
  const key = childOf(node, ...KEY_TYPES);
  return key ? [unquoted(read(key).replace(/\s*\.\s*/g, "."))] : [];
}

function tomlPairs(node: SyntaxNode, read: Read): readonly (readonly [string, string])[] {
  return node.children
    .filter(({ type }) => type === "pair")
    .map((pair) => {
      const value = pair.children.filter(({ isNamed }) => isNamed).at(-1);
      return [tomlKey(pair, read)[0] ?? "", value ? unquoted(read(value)) : ""] as const;
    });
}

/** An item of a list of tables declares something only where it tells which one it is. */
function tableItem(node: SyntaxNode, read: Read): readonly string[] {
  const which = telling(tomlPairs(node, read));
  return which === undefined ? [] : tomlKey(node, read).map((key) => key + which);
}

/** TOML with its tables and lists of tables. */
export const toml: Shape = {
  declares: {
    pair: { what: "key", names: tomlKey },
    table: { what: "table", names: tomlKey },
    table_array_element: { what: "table", names: tableItem },
  },
  blocks: new Set(["inline_table", "array", "table_array_element"]),
};
