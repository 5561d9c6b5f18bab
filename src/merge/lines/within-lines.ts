import type { Hunk } from "../text/merge-lines.ts";
import { splitLines } from "../text/split-lines.ts";
import { isWord, tokensOf } from "../text/tokens.ts";
import { editsOfBoth, isSameEdit, type SideEdit, type Threads, weave } from "../text/weave.ts";
import { hasFreeLayout } from "./layout.ts";
import { splitsOneThing } from "./one-thing.ts";
import type { HunkStage, Place } from "./stage.ts";

type Tokens = Pick<Threads, "base" | "ours" | "theirs">;

// Longer hunks are not what people mean by a change within a line, and their diffs take time.
const longest = 20_000;

/** Edits within the same lines that have an unchanged word between them. */
export const withinLines: HunkStage = (hunk, at) => {
  if (hunk.base === "" || hunk.base.length + hunk.ours.length + hunk.theirs.length > longest) {
    return undefined;
  }
  const count = splitLines(hunk.base).length;
  if (splitLines(hunk.ours).length !== count) return undefined;
  if (splitLines(hunk.theirs).length !== count) return undefined;
  if (!hasFreeLayout(at) && movesIndentation(hunk)) return undefined;
  const tokens: Tokens = {
    base: tokensOf(hunk.base),
    ours: tokensOf(hunk.ours),
    theirs: tokensOf(hunk.theirs),
  };
  const woven = weave({
    ...tokens,
    apart: (before, after) => areApart(tokens.base.slice(before.baseEnd, after.baseStart), at),
  });
  if (woven === undefined || movesWords(tokens) || bringsTwice(tokens)) return undefined;
  if (splitsOneThing(hunk, at)) return undefined;
  return { text: woven.join(""), why: "the sides changed different words of the same lines" };
};

/** Within one path, address, dotted name or condition both edits are about the same thing. */
function areApart(between: readonly string[], { language = "" }: Place): boolean {
  const text = between.join("");
  if (Object.hasOwn(joiners, language) && joiners[language]?.test(text)) return false;
  return between.some(isWord) && !/^[\p{L}\p{N}_$./:@\\-]*$/u.test(text);
}

const signs = /&&|\|\|/;

/** What joins the operands of a condition; in a shell it joins commands. */
const joiners: Readonly<Record<string, RegExp>> = {
  typescript: signs,
  tsx: signs,
  javascript: signs,
  go: signs,
  rust: signs,
  java: signs,
  python: /\b(?:and|or)\b/,
};

/** Where words wander, as in prose that is filled anew, lines are no measure. */
function movesWords(tokens: Tokens): boolean {
  return editsOfBoth(tokens).some((edits) => {
    const removed = edits.flatMap((edit) => tokens.base.slice(edit.baseStart, edit.baseEnd));
    const added = new Set(edits.flatMap((edit) => [...edit.items]));
    return removed.some((token) => token.includes("\n") || (isWord(token) && added.has(token)));
  });
}

/** True where both sides put the same new words at places of their own, so that they would stand twice. */
function bringsTwice(tokens: Tokens): boolean {
  const known = new Set(tokens.base);
  const [ours, theirs] = editsOfBoth(tokens);
  const brought = (edits: readonly SideEdit[], others: readonly SideEdit[]) =>
    edits
      .filter((edit) => !others.some((other) => isSameEdit(edit, other)))
      .map(({ items }) => items.filter(isWord))
      .filter((words) => words.some((word) => !known.has(word)))
      .map((words) => words.join(" "));
  const fromTheirs = new Set(brought(theirs, ours));
  return brought(ours, theirs).some((words) => fromTheirs.has(words));
}

function movesIndentation({ base, ours, theirs }: Hunk): boolean {
  const [before, one, other] = [base, ours, theirs].map((text) =>
    splitLines(text).map((line) => /^[ \t]*/.exec(line)?.[0]),
  );
  return before?.some((blanks, at) => blanks !== one?.[at] || blanks !== other?.[at]) ?? false;
}
