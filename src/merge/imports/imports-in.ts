import type { Syntax } from "../../core/syntax.ts";
import type { Import } from "./import.ts";
import type { ImportLanguage } from "./import-language.ts";
import { type Run, runsIn } from "./read-runs.ts";

/** How a file's texts are read. */
export interface Reading {
  readonly path: string;
  readonly syntax: Syntax;
  readonly language: ImportLanguage;
}

/** The runs of a text; undefined where it does not parse. */
export function runsOf(
  text: string,
  { path, syntax, language }: Reading,
): readonly Run[] | undefined {
  const tree = syntax.parse(path, text);
  return tree && !tree.hasErrors ? runsIn(tree.root, text, language) : undefined;
}

/** All imports of a text, of whichever run; none where it does not parse. */
export function importsIn(text: string, reading: Reading): readonly Import[] {
  return runsOf(text, reading)?.flatMap((run) => run.imports) ?? [];
}
