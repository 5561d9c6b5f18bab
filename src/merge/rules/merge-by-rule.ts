import type { FileMerge, Sides } from "../../core/merge.ts";
import { conflictWhole } from "./conflict-whole.ts";
import type { MergeText } from "./rule.ts";
import { ruleOf } from "./rule-of.ts";

/**
 * One file by its own rule, or as text where it has none. What would have to be made anew is a conflict here,
 * with the rule's own reason: this runs nothing.
 */
export function mergeByRule(sides: Sides, mergeText: MergeText): FileMerge {
  const rule = ruleOf(sides.path, sides);
  if (rule === undefined) return mergeText(sides);
  if (rule.kind === "merge") return rule.merge(sides, mergeText);
  if (sides.ours === sides.theirs || sides.theirs === sides.base) return untouched(sides.ours);
  return sides.ours === sides.base ? untouched(sides.theirs) : conflictWhole(sides, rule.why);
}

function untouched(text: string): FileMerge {
  return { kind: "merged", text, hunks: [] };
}
