import { tokensOf } from "../text/tokens.ts";
import { weave } from "../text/weave.ts";
import { differsInLayoutOnly } from "./layout.ts";
import type { HunkStage } from "./stage.ts";

// Longer hunks are compared too, but woven no more.
const longest = 100_000;

/**
 * One side changed the layout only: the content of the other side is taken, in the new layout where both can be
 * had. A deletion stands whatever the layout. Blank lines that one side adds count as layout too.
 */
export const reformatted: HunkStage = (hunk, at) => {
  const theirs = differsInLayoutOnly(hunk.base, hunk.theirs, at);
  const ours = differsInLayoutOnly(hunk.base, hunk.ours, at);
  if (ours === theirs) return undefined;
  const content = ours ? hunk.theirs : hunk.ours;
  if (content === "") {
    return { text: "", why: "one side deleted what the other only laid out differently" };
  }
  return { text: relaid(hunk, content, at) ?? content, why: "one side changed the layout only" };
};

function relaid(
  { base, ours, theirs }: Parameters<HunkStage>[0],
  content: string,
  at: Parameters<HunkStage>[1],
): string | undefined {
  if (base.length + ours.length + theirs.length > longest) return undefined;
  const woven = weave({
    base: tokensOf(base),
    ours: tokensOf(ours),
    theirs: tokensOf(theirs),
    apart: () => true,
  })?.join("");
  if (woven === undefined || woven.endsWith("\n") !== content.endsWith("\n")) return undefined;
  return differsInLayoutOnly(woven, content, at) ? woven : undefined;
}
