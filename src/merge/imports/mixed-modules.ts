import type { Sides } from "../../core/merge.ts";
import type { Syntax } from "../../core/syntax.ts";
import { importsOf } from "./import-languages.ts";
import { importsIn } from "./imports-in.ts";

/** True where a merged text imports as two kinds of modules do, and each side as one kind does: it would not load. */
export function mixesModules(sides: Sides, merged: string, syntax: Syntax): boolean {
  const language = importsOf(syntax.languageOf(sides.path));
  const { translation } = language ?? {};
  if (!language || !translation) return false;
  const kindsIn = (text: string) => {
    const imports = importsIn(text, { path: sides.path, syntax, language });
    return new Set(imports.map((one) => translation.kindOf(one.text)));
  };
  const each = [sides.ours, sides.theirs].map(kindsIn);
  return kindsIn(merged).size === 2 && each.every((kinds) => kinds.size < 2);
}
