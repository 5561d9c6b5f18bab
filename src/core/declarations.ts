import type { SyntaxNode, SyntaxTree } from "./syntax.ts";

/** A function, class, constant, key or section by its name, and the lines it stands on, counted from 1. */
export interface Declaration {
  /** With what it stands in: `Cart.total`. */
  readonly name: string;
  /** The grammar's own word for it, such as `method definition`. */
  readonly kind: string;
  readonly from: number;
  readonly to: number;
}

/** Nodes that declare what their field `name` says. */
const NAMED =
  /^(?:(?:generator_)?function_(?:declaration|definition|signature|item)|(?:abstract_)?class_(?:declaration|definition)|method_(?:declaration|definition|signature|spec)|abstract_method_signature|(?:interface|enum|record|annotation_type|constructor|type_alias)_declaration|(?:property_signature|public_field_definition|field_definition)|variable_declarator|internal_module|module|(?:type|const|var)_spec|type_alias|(?:struct|enum|trait|union|mod|const|static|type)_item|function_signature_item|macro_definition)$/;
/** Nodes that are known by what fills another field, or by their first child. */
const KEYED = new Map([
  ["pair", "key"],
  ["block_mapping_pair", "key"],
  ["table", ""],
  ["table_array_element", ""],
  ["rule_set", ""],
  ["section", "heading"],
  ["assignment", "left"],
]);
// What stands inside a function is its own business, and so are the names that a signature makes.
const CLOSED = /function|method|constructor|lambda|closure|macro|parameter|comment|string/;
const MAX = 20_000;
const MAX_NAME = 200;

/** What a file declares: at its top, in its classes and below its keys and headings, never inside functions. In order of the text. */
export function declarationsOf(tree: SyntaxTree, text: string): readonly Declaration[] {
  const lineAt = lineFinder(text);
  const found: Declaration[] = [];
  const open: { node: SyntaxNode; within: string }[] = [{ node: tree.root, within: "" }];
  for (let next = open.pop(); next && found.length < MAX; next = open.pop()) {
    const { node, within } = next;
    const own = nameOf(node, text);
    const scope = own ?? implementedBy(node, text);
    const name = scope === undefined ? within : joined(within, scope);
    if (own !== undefined) found.push({ name, ...placeOf(node, text, lineAt) });
    if (CLOSED.test(node.type)) continue;
    const parents = node.children.filter(({ children }) => children.length > 0);
    open.push(...parents.toReversed().map((child) => ({ node: child, within: name })));
  }
  return found;
}

function placeOf(
  { type, start, end }: SyntaxNode,
  text: string,
  lineAt: (offset: number) => number,
): Omit<Declaration, "name"> {
  const last = start + text.slice(start, end).trimEnd().length - 1;
  const kind = type.replaceAll("_", " ");
  return { kind, from: lineAt(start), to: lineAt(Math.max(start, last)) };
}

function nameOf(node: SyntaxNode, text: string): string | undefined {
  const by = KEYED.get(node.type);
  if (by === undefined && !NAMED.test(node.type)) return undefined;
  const first = by === undefined ? undefined : node.children.find(({ isNamed }) => isNamed);
  const named = fieldOf(node, by ?? "name") ?? first;
  if (named === undefined) return undefined;
  const name = plain(text.slice(named.start, named.end));
  if (name === "" || name.length > MAX_NAME) return undefined;
  return node.type === "method_declaration" ? joined(receiverOf(node, text), name) : name;
}

/** The type whose methods stand below: it is declared elsewhere. */
function implementedBy(node: SyntaxNode, text: string): string | undefined {
  const type = node.type === "impl_item" ? fieldOf(node, "type") : undefined;
  return type && plain(text.slice(type.start, type.end)).replace(/<.*/, "");
}

function receiverOf(node: SyntaxNode, text: string): string {
  const receiver = fieldOf(node, "receiver");
  const words =
    receiver && text.slice(receiver.start, receiver.end).match(/[\p{L}_][\p{L}\p{N}_]*/gu);
  return words?.[words.length > 1 ? 1 : 0] ?? "";
}

function fieldOf(node: SyntaxNode, field: string): SyntaxNode | undefined {
  return node.children.find((child) => child.field === field);
}

/** Without the quotes of a key, the signs of a heading and line breaks. */
function plain(name: string): string {
  return name
    .replaceAll(/\s+/g, " ")
    .trim()
    .replace(/^#{1,6} | ?#+$/g, "")
    .replace(/^(["'`])(.*)\1$/, "$2");
}

function joined(within: string, name: string): string {
  return within === "" ? name : `${within}.${name}`.slice(0, MAX_NAME * 2);
}

/** Which line an offset is on; texts are asked about from many places. */
function lineFinder(text: string): (offset: number) => number {
  const ends: number[] = [];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) ends.push(at);
  return (offset) => {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ends[middle] ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    return low + 1;
  };
}
