import type { FileMerge, Sides } from "../../../../src/core/merge.ts";
import type { Syntax } from "../../../../src/core/syntax.ts";
import { mergeFile } from "../../../../src/merge/merge-file.ts";
import { mergeByRule } from "../../../../src/merge/rules/merge-by-rule.ts";

/** No language at all: rules have to work on texts. */
const NO_SYNTAX: Syntax = { languageOf: () => undefined, parse: () => undefined };

/** Merges by the file's own rule, with the merge of texts for the rest. */
export function byRule(path: string, texts: Omit<Sides, "path">): FileMerge {
  return mergeByRule({ path, ...texts }, (sides) => mergeFile(sides, NO_SYNTAX));
}

/** Why a file was not merged; its text where it was. */
export function outcomeOf(merge: FileMerge): string {
  return merge.kind === "merged" ? merge.text : (merge.conflicts[0]?.why ?? "");
}
