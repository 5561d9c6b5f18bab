import { childOf } from "../../structure/identify.ts";
import { caselessly, type ImportLanguage, plainly } from "../import-language.ts";

/** Java. */
export const java: ImportLanguage = {
  read(node, text) {
    const source = childOf(node, "scoped_identifier", "identifier");
    if (node.type !== "import_declaration" || !source) return undefined;
    const from = text.slice(source.start, source.end).replace(/\s+/g, "");
    const last = from.split(".").at(-1);
    const isWild = childOf(node, "asterisk") !== undefined;
    const binds = isWild || last === undefined ? [] : [last];
    return { source, list: undefined, names: [], binds, from };
  },
  list: {
    write: (names) => names.map(({ text }) => text),
    brackets: () => ["", ""],
    wide: ["", ""],
    indent: "    ",
    width: 120,
    fills: false,
    orders: [plainly, caselessly],
  },
};
