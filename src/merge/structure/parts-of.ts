import type { Sides } from "../../core/merge.ts";
import type { Syntax } from "../../core/syntax.ts";
import { languageNamed } from "./known-languages.ts";
import type { Part } from "./outline.ts";
import { complete, mapTriple, type Triple } from "./triple.ts";

/** The whole file on each side; undefined where the language is not known or a side does not parse. */
export function partsOf(sides: Sides, syntax: Syntax): Triple<Part> | undefined {
  return complete(
    mapTriple(sides, (text) => {
      const tree = syntax.parse(sides.path, text);
      const language = tree && languageNamed(tree.language);
      if (!tree || tree.hasErrors || !language) return undefined;
      return { source: { text, language }, node: tree.root, start: 0, end: text.length };
    }),
  );
}
