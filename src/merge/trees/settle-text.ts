import type { Stage, TreeConflict } from "../../core/git.ts";
import type { FileMerge, Sides } from "../../core/merge.ts";
import type { Syntax } from "../../core/syntax.ts";
import { mergeFile } from "../merge-file.ts";
import { conflictWhole } from "../rules/conflict-whole.ts";
import { isMarkedWhole } from "../rules/generated/git-attributes.ts";
import { ruleOf } from "../rules/rule-of.ts";
import { explainConflict } from "./explain-conflict.ts";
import { mergeMode, type RegularMode } from "./merge-mode.ts";
import { isRegular, type Texts, TOO_LARGE } from "./read-sides.ts";
import type { RegenerateFile } from "./tree-result.ts";

/** What became of one conflict of a tree. */
export type Answer =
  | {
      readonly kind: "text";
      readonly sides: Sides;
      readonly merge: FileMerge;
      readonly mode: RegularMode;
    }
  | { readonly kind: "regenerate"; readonly file: RegenerateFile }
  /** What git made of it stands, and is not proven. */
  | { readonly kind: "joined"; readonly why: string }
  | { readonly kind: "stuck"; readonly why: string };

/** One file with all that its sides have. */
export interface Entry {
  readonly path: string;
  readonly base: Stage | undefined;
  readonly ours: Stage;
  readonly theirs: Stage;
}

/** What a conflict is settled with. */
export interface TextsAndSyntax {
  readonly texts: Texts;
  readonly syntax: Syntax;
  /** Files of the merged tree that say how others are made. */
  readonly around: ReadonlyMap<string, string>;
}

/** Units of text; larger ones are data. */
const LARGEST = 1024 * 1024;

/** git writes these into a base that it made of several. */
const INNER_MARKER = /^<{7,} Temporary merge branch 1/m;

/** Settles a conflict where both sides have one file with text, by rule or by its texts; all others are a person's. */
export function settleConflict(conflict: TreeConflict, at: TextsAndSyntax): Answer {
  const entry = entryOf(conflict);
  if (!entry) return { kind: "stuck", why: explainConflict(conflict) };
  return settleEntry(entry, at);
}

/** The one file of a conflict about content alone; undefined for every other conflict. */
export function entryOf(conflict: TreeConflict): Entry | undefined {
  const { kind, path, base, ours, theirs } = conflict;
  if (kind !== "content" && kind !== "add/add") return undefined;
  const [[before, ...more], [our, ...ourMore], [their, ...theirMore]] = [base, ours, theirs];
  if (!our || !their || more.length + ourMore.length + theirMore.length > 0) return undefined;
  return [our, their, before ?? our].every(isRegular)
    ? { path, base: before, ours: our, theirs: their }
    : undefined;
}

/** The same for a file that is known to be one on every side. */
export function settleEntry(entry: Entry, at: TextsAndSyntax): Answer {
  const { texts, syntax, around } = at;
  const sides = sidesOf(entry, texts);
  if ("why" in sides) return { kind: "stuck", why: sides.why };
  const mode = mergeMode(entry);
  if (!mode) return { kind: "stuck", why: "only one side made the file a program" };
  const rule = ruleOf(entry.path, { ...sides, around });
  if (rule?.kind === "never") return { kind: "stuck", why: rule.why };
  if (rule?.kind !== "regenerate" && isMarkedWhole(entry.path, around)) {
    return { kind: "stuck", why: MARKED_WHOLE };
  }
  if (rule?.kind === "regenerate") {
    const { why, by } = rule;
    return {
      kind: "regenerate",
      file: { path: sides.path, sides, mode, why, by, mayStand: false },
    };
  }
  const problem = unfit(sides);
  if (problem !== undefined) return { kind: "stuck", why: problem };
  const mergeText = (inner: Sides) => mergeFile(inner, syntax);
  const merge = rule?.merge(sides, mergeText) ?? mergeText(sides);
  const isGuess = !entry.base && merge.kind === "merged" && !isOneSide(merge.text, sides);
  return { kind: "text", sides, mode, merge: isGuess ? conflictWhole(sides, ADDED_TWICE) : merge };
}

/** Why a text is not merged that could be. */
export const MARKED_WHOLE = "the repository's attributes say that its text is never merged";

/** Where nobody knows what two new files have in common, only a whole side is an answer. */
const ADDED_TWICE = "both sides added the file, with different content";

function isOneSide(text: string, { ours, theirs }: Sides): boolean {
  return text === ours || text === theirs;
}

function unfit({ base, ours, theirs }: Sides): string | undefined {
  if (Math.max(base.length, ours.length, theirs.length) > LARGEST) return TOO_LARGE;
  if (INNER_MARKER.test(base)) {
    return "the histories cross, and their common ancestors already disagree here";
  }
  return undefined;
}

/** The texts of an entry, or why one of them has none. */
export function sidesOf(entry: Entry, texts: Texts): Sides | { readonly why: string } {
  const [base, ours, theirs] = [entry.base, entry.ours, entry.theirs].map((stage) =>
    stage ? (texts.get(stage.id) ?? { why: "the file could not be read" }) : "",
  );
  for (const text of [base, ours, theirs]) if (typeof text === "object") return text;
  if (typeof base !== "string" || typeof ours !== "string" || typeof theirs !== "string") {
    return { why: "the file could not be read" };
  }
  return { path: entry.path, base, ours, theirs };
}
