import { splitLines } from "../text/split-lines.ts";
import { editsOfBoth, type SideEdit, weave } from "../text/weave.ts";
import { echoes } from "./echoes.ts";
import { movesLines } from "./moved-lines.ts";
import { splitsOneThing } from "./one-thing.ts";
import type { HunkStage } from "./stage.ts";

/**
 * Edits that touch but do not overlap: each line of the base was changed by one side at most. Says nothing where
 * it is doubtful which lines an edit stands for, where one side repeats what the other changed or moves lines, or
 * where the lines that touch belong together.
 */
export const adjacent: HunkStage = (hunk, at) => {
  if (hunk.base === "") return undefined;
  const lines = {
    base: splitLines(hunk.base),
    ours: splitLines(hunk.ours),
    theirs: splitLines(hunk.theirs),
  };
  const woven = weave({
    ...lines,
    apart: (before, after) => before.baseEnd < after.baseStart || mayTouch(before, after),
  });
  if (woven === undefined || echoes(hunk) || splitsOneThing(hunk, at)) return undefined;
  if (editsOfBoth(lines).some((edits) => movesLines(edits, lines.base))) return undefined;
  return { text: woven.join(""), why: "the sides changed lines next to each other" };
};

type Shape = "insertion" | "deletion" | "shorter" | "even" | "longer";

/** What people nearly always keep both of; where lines grew before an insertion, its place is doubtful. */
const clear: Readonly<Record<Shape, readonly Shape[]>> = {
  insertion: ["even", "longer"],
  deletion: ["deletion", "even"],
  shorter: [],
  even: ["insertion", "even", "longer"],
  longer: [],
};

function mayTouch(before: SideEdit, after: SideEdit): boolean {
  return clear[shapeOf(before)].includes(shapeOf(after));
}

function shapeOf({ baseStart, baseEnd, items }: SideEdit): Shape {
  const lines = baseEnd - baseStart;
  if (lines === 0) return "insertion";
  if (items.length === 0) return "deletion";
  if (items.length === lines) return "even";
  return items.length < lines ? "shorter" : "longer";
}
