import type { Syntax, SyntaxTree } from "../core/syntax.ts";

/** The same parsers, which parse each text of one file once: the stages and the proof ask for the same trees. */
export function parseOnce(syntax: Syntax): Syntax {
  const trees = new Map<string, SyntaxTree | undefined>();
  return {
    languageOf: (path) => syntax.languageOf(path),
    parse(path, text) {
      if (!trees.has(text)) trees.set(text, syntax.parse(path, text));
      return trees.get(text);
    },
  };
}
