import { splitLines } from "../text/split-lines.ts";
import { weave } from "../text/weave.ts";
import type { HunkStage } from "./stage.ts";

/** Edits that touch but do not overlap: each line of the base was changed by one side at most. */
export const adjacent: HunkStage = (hunk) => {
  if (hunk.base === "") return undefined;
  const woven = weave({
    base: splitLines(hunk.base),
    ours: splitLines(hunk.ours),
    theirs: splitLines(hunk.theirs),
    apart: () => true,
  });
  if (woven === undefined) return undefined;
  return { text: woven.join(""), why: "the sides changed lines next to each other" };
};
