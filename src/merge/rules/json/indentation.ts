import { type Json, writeJson } from "./json.ts";

/** The indentation that a text is written with; undefined where it is laid out in another way. */
export function indentOf(text: string, value: Json): string | undefined {
  const indent = /^\{\r?\n([ \t]+)"/.exec(text)?.[1];
  if (indent === undefined) return undefined;
  return writeJson(value, indent) === text.trimEnd() ? indent : undefined;
}
