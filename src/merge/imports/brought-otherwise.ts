import type { Sides } from "../../core/merge.ts";
import type { Syntax } from "../../core/syntax.ts";
import type { Import } from "./import.ts";
import { importsOf } from "./import-languages.ts";
import { importsIn } from "./imports-in.ts";

/** What is said of all names of a statement: as types only, under a condition, for others to see. */
const TERMS = /\b(?:type|typeof|static|export|pub(?:\s*\([^)]*\))?)(?!\w)|#\[[^\]]*\]/g;

const COMMENT = /\s(?:\/\/|\/\*|#(?!\[)).*$/;

/**
 * The first name that a merged text imports from another module than each side that has it, or on other terms: one
 * side changed the statement that the other put the name into. A module that only moved is the same one.
 */
export function broughtOtherwise(sides: Sides, merged: string, syntax: Syntax): string | undefined {
  const language = importsOf(syntax.languageOf(sides.path));
  if (!language) return undefined;
  const read = (text: string) =>
    importsIn(text, { path: sides.path, syntax, language }).flatMap(waysOf);
  const known = new Set([...read(sides.ours), ...read(sides.theirs)].map(({ way }) => way));
  // A side that does not parse says nothing of what it imports.
  if (known.size === 0) return undefined;
  return read(merged).find(({ way }) => !known.has(way))?.name;
}

function waysOf({ form, from, binds, names }: Import) {
  const terms = form.replace(COMMENT, "").match(TERMS) ?? [];
  const own = (text: string) => /^(?:type|typeof)(?= )/.exec(text) ?? [];
  return [
    ...binds.map((name) => ({ name, terms })),
    ...names.flatMap((one) =>
      one.binds.map((name) => ({ name, terms: [...terms, ...own(one.text)] })),
    ),
  ].map((one) => ({
    name: one.name,
    way: JSON.stringify([one.name, moduleOf(from), ...one.terms]),
  }));
}

const ENDINGS = new Set(["index", "js", "jsx", "mjs", "cjs", "ts", "tsx", "mts", "cts"]);

/** The last part of a path that says something. */
function moduleOf(from: string): string {
  return from.split(/::|[./]/).findLast((part) => part !== "" && !ENDINGS.has(part)) ?? "";
}
