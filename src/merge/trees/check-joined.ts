import type { AutoMerged } from "../../core/git.ts";
import { isMarkedWhole } from "../rules/generated/git-attributes.ts";
import { ruleOf } from "../rules/rule-of.ts";
import { problemsOf } from "../safety/check-merged.ts";
import { mergeMode } from "./merge-mode.ts";
import { isRegular } from "./read-sides.ts";
import {
  type Answer,
  MARKED_WHOLE,
  settleEntry,
  sidesOf,
  type TextsAndSyntax,
} from "./settle-text.ts";

/** So many of the files that git joined by lines are looked at again, */
const MOST = 500;
/** and those up to this length: it takes four parsers' work. */
const LARGEST = 256 * 1024;

/** The files whose texts are needed for that. */
export function checkable(joined: readonly AutoMerged[]): readonly AutoMerged[] {
  return joined
    .filter(({ base, ours, theirs, merged }) => [base, ours, theirs, merged].every(isRegular))
    .slice(0, MOST);
}

/**
 * Looks at a file that git joined without a conflict: lines that do not touch may still not go together, such as
 * one function added by both sides in two places. Undefined where nothing is wrong with it.
 */
export function recheckJoined(file: AutoMerged, at: TextsAndSyntax): Answer | undefined {
  const sides = sidesOf(file, at.texts);
  const merged = at.texts.get(file.merged.id);
  if ("why" in sides || typeof merged !== "string") return undefined;
  const rule = ruleOf(file.path, { ...sides, around: at.around });
  if (rule?.kind === "never") return undefined;
  if (rule?.kind === "regenerate") {
    const mode = mergeMode(file) ?? "100644";
    const { why, by } = rule;
    return {
      kind: "regenerate",
      file: { path: sides.path, sides, mode, why, by, isNeeded: false },
    };
  }
  // git has not read them: it merges without a working tree.
  if (isMarkedWhole(file.path, at.around)) return { kind: "stuck", why: MARKED_WHOLE };
  if (merged.length > LARGEST) return undefined;
  const [problem] = problemsOf(sides, merged, at.syntax);
  if (problem === undefined) return undefined;
  const answer = settleEntry(file, at);
  if (answer.kind !== "text") return { kind: "stuck", why: problem };
  const isSame = answer.merge.kind === "merged" && answer.merge.text === merged;
  return isSame ? { kind: "stuck", why: problem } : answer;
}
