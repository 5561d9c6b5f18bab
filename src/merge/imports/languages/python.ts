import type { SyntaxNode } from "../../../core/syntax.ts";
import { fieldOf, holds, textOf } from "../../structure/identify.ts";
import type { ImportedName, ReadImport } from "../import.ts";
import { caselessly, type ImportLanguage, plainly } from "../import-language.ts";

function nameOf(node: SyntaxNode, text: string): ImportedName {
  const written = textOf(node, text);
  const [, alias] = /\sas\s+(\w+)$/.exec(written) ?? [];
  return { text: written, binds: [alias ?? written] };
}

function readFrom(node: SyntaxNode, text: string): ReadImport | undefined {
  const source = fieldOf(node, "module_name");
  const members = node.children.filter(({ field }) => field === "name");
  const [first, last] = [members[0], members.at(-1)];
  if (!source || !first || !last || holds(node, "comment")) return undefined;
  const from = text.slice(source.start, source.end);
  if (from === "__future__") return undefined;
  const open = node.children.find(({ type }) => type === "(");
  const close = node.children.find(({ type }) => type === ")");
  const list = open && close ? { start: open.start, end: close.end } : bare(first, last);
  if (text.slice(list.start, list.end).includes("\\")) return undefined;
  const names = members.map((member) => nameOf(member, text));
  return { source, list, names, binds: [], from };
}

function bare(first: SyntaxNode, last: SyntaxNode) {
  return { start: first.start, end: last.end };
}

/** `import a.b` binds `a`, and several may: only its alias says for sure what it binds. */
function readPlain(node: SyntaxNode, text: string): ReadImport | undefined {
  const [name, more] = node.children.filter(({ field }) => field === "name");
  if (!name || more) return undefined;
  const written = textOf(name, text);
  const [, alias] = /\sas\s+(\w+)$/.exec(written) ?? [];
  const path = alias === undefined ? name : (fieldOf(name, "name") ?? name);
  const bound = alias ?? (written.includes(".") ? undefined : written);
  const from = text.slice(path.start, path.end);
  const binds = bound === undefined ? [] : [bound];
  return { source: path, list: undefined, names: [], binds, from };
}

/** Python. */
export const python: ImportLanguage = {
  read(node, text) {
    if (node.type === "import_from_statement") return readFrom(node, text);
    return node.type === "import_statement" ? readPlain(node, text) : undefined;
  },
  list: {
    write: (names) => names.map(({ text }) => text),
    brackets: (_, list) => (list.startsWith("(") ? ["(", ")"] : ["", ""]),
    wide: ["(", ")"],
    indent: "    ",
    width: 88,
    fills: false,
    orders: [plainly, caselessly],
  },
};
