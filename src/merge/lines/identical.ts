import { differsInLayoutOnly } from "./layout.ts";
import type { HunkStage } from "./stage.ts";

/** Both sides say the same; where only their layout differs, ours is taken. */
export const identical: HunkStage = (hunk, at) => {
  if (hunk.ours === hunk.theirs) return { text: hunk.ours, why: "both sides made the same change" };
  if (!differsInLayoutOnly(hunk.ours, hunk.theirs, at)) return undefined;
  return { text: hunk.ours, why: "both sides made the same change, laid out differently" };
};
