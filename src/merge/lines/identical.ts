import { splitLines } from "../text/split-lines.ts";
import { differsInLayoutOnly } from "./layout.ts";
import type { HunkStage } from "./stage.ts";

/** Both sides say the same; where only their layout differs, the one with the shorter lines is taken, else ours. */
export const identical: HunkStage = (hunk, at) => {
  if (hunk.ours === hunk.theirs) return { text: hunk.ours, why: "both sides made the same change" };
  if (!differsInLayoutOnly(hunk.ours, hunk.theirs, at)) return undefined;
  const text = isBetter(hunk.theirs, hunk.ours) ? hunk.theirs : hunk.ours;
  return { text, why: "both sides made the same change, laid out differently" };
};

function isBetter(text: string, other: string): boolean {
  const gain = widthOf(other) - widthOf(text);
  return gain === 0 ? text.endsWith("\n") && !other.endsWith("\n") : gain > 0;
}

function widthOf(text: string): number {
  return splitLines(text).reduce((widest, line) => Math.max(widest, line.trimEnd().length), 0);
}
