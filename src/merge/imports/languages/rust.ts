import type { SyntaxNode } from "../../../core/syntax.ts";
import { fieldOf } from "../../structure/identify.ts";
import type { ImportedName, Range, ReadImport } from "../import.ts";
import { type Compare, caselessly, type ImportLanguage, plainly } from "../import-language.ts";

const ALIAS = /^(.*?)\s+as\s+(\w+)$/s;

function nameOf(raw: string, from: string): ImportedName {
  const text = raw
    .replace(/\s+/g, " ")
    .replace(/\s*([{},]|::)\s*/g, "$1")
    .replace(/,}/g, "}")
    .replaceAll(",", ", ")
    .trim();
  const [, , alias] = ALIAS.exec(text) ?? [];
  if (text.includes("{") || text.endsWith("*")) return { text, binds: undefined };
  const last = (text === "self" ? from : text).split("::").at(-1);
  const binds = alias ?? last;
  return { text, binds: binds === "_" ? undefined : binds };
}

/** `a::b::C` as the name `C` from `a::b`, whether or not it stands in a list. */
function read(node: SyntaxNode, text: string): ReadImport | undefined {
  const what = fieldOf(node, "argument");
  if (node.type !== "use_declaration" || !what) return undefined;
  const inside = text.slice(what.start, what.end);
  if (/\/[/*]/.test(inside)) return undefined;
  const listed = fieldOf(what, "list");
  const list: Range = listed ?? { start: lastStart(what, text), end: what.end };
  const end = Math.max(what.start, text.slice(0, list.start).replace(/\s*::\s*$/, "").length);
  const from = text.slice(what.start, end).replace(/\s+/g, "");
  const raw = listed
    ? listed.children
        .filter(({ type }) => !["{", "}", ","].includes(type))
        .map((member) => text.slice(member.start, member.end))
    : [text.slice(list.start, list.end)];
  const names = raw.map((name) => nameOf(name, from));
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
