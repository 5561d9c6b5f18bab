import type { Sides } from "../../core/merge.ts";
import type { Syntax } from "../../core/syntax.ts";
import { importsOf } from "./import-languages.ts";
import { runsIn } from "./read-runs.ts";

/** True where a merged text imports as two kinds of modules do, and each side as one kind does: it would not load. */
export function mixesModules(sides: Sides, merged: string, syntax: Syntax): boolean {
  const kinds = [merged, sides.ours, sides.theirs].map((text) => kindsIn(sides.path, text, syntax));
  const [both, ...each] = kinds;
  return both?.size === 2 && each.every((kind) => kind.size < 2);
}

function kindsIn(path: string, text: string, syntax: Syntax): ReadonlySet<string> {
  const language = importsOf(syntax.languageOf(path));
  const { translation } = language ?? {};
  const tree = language && translation && syntax.parse(path, text);
  if (!language || !translation || !tree || tree.hasErrors) return new Set();
  const imports = runsIn(tree.root, text, language).flatMap((run) => run.imports);
  return new Set(imports.map((one) => translation.kindOf(one.text)));
}
