import { differsInLayoutOnly } from "./layout.ts";
import type { HunkStage } from "./stage.ts";

/** One side changed the layout only: the content of the other side is taken, also where it is a deletion. */
export const reformatted: HunkStage = (hunk, at) => {
  if (hunk.base === "") return undefined;
  const theirs = differsInLayoutOnly(hunk.base, hunk.theirs, at);
  const ours = differsInLayoutOnly(hunk.base, hunk.ours, at);
  if (ours === theirs) return undefined;
  const text = ours ? hunk.theirs : hunk.ours;
  if (text === "")
    return { text, why: "one side deleted what the other only laid out differently" };
  return { text, why: "one side changed the layout only" };
};
