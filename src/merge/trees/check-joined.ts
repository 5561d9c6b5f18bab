import type { AutoMerged } from "../../core/git.ts";
import type { Sides } from "../../core/merge.ts";
import { isMarkedWhole } from "../rules/generated/git-attributes.ts";
import type { Rule } from "../rules/rule.ts";
import { ruleOf } from "../rules/rule-of.ts";
import { problemsOf } from "../safety/check-merged.ts";
import { mergeMode } from "./merge-mode.ts";
import { isRegular, TOO_LARGE } from "./read-sides.ts";
import {
  type Answer,
  MARKED_WHOLE,
  settleEntry,
  sidesOf,
  type TextsAndSyntax,
} from "./settle-text.ts";

/** So many of the files that git joined by lines are looked at again, beside those whose names have a rule, */
const MOST = 500;
/** and those up to this length: it takes four parsers' work. */
const LARGEST = 256 * 1024;

/** The files whose texts are needed for that. */
export function checkable(joined: readonly AutoMerged[]): readonly AutoMerged[] {
  const regular = joined.filter(({ base, ours, theirs, merged }) =>
    [base, ours, theirs, merged].every(isRegular),
  );
  const named = regular.filter(({ path }) => ruleOf(path));
  return [...named, ...regular.filter(({ path }) => !ruleOf(path)).slice(0, MOST)];
}

/**
 * Looks at a file that git joined without a conflict: lines that do not touch may still not go together, such as
 * one function added by both sides in two places. What is made by a program is made anew, whatever git made of it.
 * Undefined where nothing is wrong with it.
 */
export function recheckJoined(file: AutoMerged, at: TextsAndSyntax): Answer | undefined {
  const sides = sidesOf(file, at.texts);
  const merged = at.texts.get(file.merged.id);
  if ("why" in sides) return judgeUnread(file.path, sides.why);
  if (typeof merged !== "string") return judgeUnread(file.path, merged?.why ?? TOO_LARGE);
  const rule = ruleOf(file.path, { ...sides, around: at.around });
  const byRule = rule && judgeByRule(rule, { file, sides });
  if (byRule) return byRule;
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

/** The same where only the name is known: what a program makes is not taken unread. */
export function judgeUnread(path: string, reason: string): Answer | undefined {
  const rule = ruleOf(path);
  if (!rule || rule.kind === "merge") return undefined;
  if (rule.isCompared) return { kind: "joined", why: JOINED };
  return { kind: "stuck", why: `${rule.why}; here ${reason}` };
}

/** Said of what stands as git joined it until the checks have looked at it. */
export const JOINED =
  "git joined the lines of the snapshot, and the tests compare it with what they see";

interface Joined {
  readonly file: AutoMerged;
  readonly sides: Sides;
}

/** Lines that a program has written say nothing one by one, so git's merge of them is no answer. */
function judgeByRule(rule: Rule, { file, sides }: Joined): Answer | undefined {
  if (rule.kind === "merge") return undefined;
  const { why, isCompared: mayStand = false } = rule;
  if (rule.kind === "never") {
    return mayStand ? { kind: "joined", why: JOINED } : { kind: "stuck", why };
  }
  const mode = mergeMode(file) ?? "100644";
  return { kind: "regenerate", file: { path: file.path, sides, mode, why, by: rule.by, mayStand } };
}
