import type { SyntaxNode } from "../../../core/syntax.ts";
import { fieldOf, textOf } from "../../structure/identify.ts";
import type { ImportedName, Range, ReadImport } from "../import.ts";
import { type Compare, caselessly, type ImportLanguage, plainly } from "../import-language.ts";

function written(range: Range, text: string): string {
  return text
    .slice(range.start, range.end)
    .replace(/\s+/g, " ")
    .replace(/\s*([{},]|::)\s*/g, "$1")
    .replace(/,}/g, "}")
    .replaceAll(",", ", ")
    .trim();
}

function membersOf(list: SyntaxNode): readonly SyntaxNode[] {
  return list.children.filter(({ type }) => !["{", "}", ","].includes(type));
}

/** The last segments, also of nested lists; a wildcard and `_` bind nothing that has a name. */
function boundIn(node: SyntaxNode, text: string, from: string): readonly string[] {
  const list = node.type === "use_list" ? node : fieldOf(node, "list");
  if (list) {
    const path = fieldOf(node, "path");
    const inner = path ? textOf(path, text) : from;
    return membersOf(list).flatMap((member) => boundIn(member, text, inner));
  }
  const name = textOf(fieldOf(node, "alias") ?? node, text);
  const last = (name === "self" ? from : name).split("::").at(-1) ?? "_";
  return ["_", "*"].includes(last) ? [] : [last.trim()];
}

/** `a::b::C` as the name `C` from `a::b`, whether or not it stands in a list. */
function read(node: SyntaxNode, text: string): ReadImport | undefined {
  const what = fieldOf(node, "argument");
  if (node.type !== "use_declaration" || !what) return undefined;
  const inside = text.slice(what.start, what.end);
  if (/\/[/*]/.test(inside)) return undefined;
  const listed = what.type === "use_list" ? what : fieldOf(what, "list");
  const list: Range = listed ?? { start: lastStart(what, text), end: what.end };
  const path = text.slice(what.start, list.start).replace(/\s*::\s*$/, "");
  const end = what.start + path.length;
  const from = path.replace(/\s+/g, "");
  const names: readonly ImportedName[] = listed
    ? membersOf(listed).map((member) => ({
        text: written(member, text),
        binds: boundIn(member, text, from),
      }))
    : [{ text: written(list, text), binds: boundIn(what, text, from) }];
  return { source: { start: what.start, end }, list, names, binds: [], from };
}

/** Where the last segment of a path without a list begins, its alias with it. */
function lastStart(what: SyntaxNode, text: string): number {
  const path = what.type === "use_as_clause" ? (fieldOf(what, "path") ?? what) : what;
  const sign = text.slice(path.start, path.end).lastIndexOf("::");
  return sign < 0 ? path.start : path.start + sign + 2;
}

/** As rustfmt sorts: `self` first, then modules and functions, types, constants. */
const asRustfmt: Compare = (one, other) => rank(one) - rank(other) || plainly(one, other);

function rank(name: string): number {
  if (name === "self") return 0;
  if (/^[a-z_]/.test(name)) return 1;
  return /^[A-Z0-9_]+$/.test(name) && name.length > 1 ? 3 : 2;
}

/** Rust. */
export const rust: ImportLanguage = {
  read,
  isLeading: ({ type }) => type === "attribute_item",
  list: {
    write: (names) => names.map(({ text }) => text),
    brackets: (names) => (names.length === 1 && names[0]?.text !== "self" ? ["", ""] : ["{", "}"]),
    wide: ["{", "}"],
    indent: "    ",
    width: 100,
    fills: true,
    orders: [asRustfmt, plainly, caselessly],
  },
};
