import { childOf, fieldOf, textOf } from "../../structure/identify.ts";
import { caselessly, type ImportLanguage, plainly } from "../import-language.ts";

/** Go: the lines of the one list of imports that a file has. */
export const go: ImportLanguage = {
  within(root) {
    const declarations = root.children.filter(({ type }) => type === "import_declaration");
    const [only, more] = declarations;
    return only && !more ? childOf(only, "import_spec_list") : undefined;
  },
  read(node, text) {
    const source = fieldOf(node, "path");
    if (node.type !== "import_spec" || !source) return undefined;
    const name = fieldOf(node, "name");
    const from = text.slice(source.start + 1, source.end - 1);
    const bound = name ? textOf(name, text) : from.split("/").at(-1);
    const binds = bound === undefined || ["_", "."].includes(bound) ? [] : [bound];
    return { source, list: undefined, names: [], binds, from };
  },
  list: {
    write: (names) => names.map(({ text }) => text),
    brackets: () => ["", ""],
    wide: ["", ""],
    indent: "\t",
    width: 100,
    fills: false,
    orders: [plainly, caselessly],
  },
};
