import type { Hunk } from "../text/merge-lines.ts";
import { adjacent } from "./adjacent.ts";
import { identical } from "./identical.ts";
import { reformatted } from "./reformatted.ts";
import { rewrapped } from "./rewrapped.ts";
import type { HunkStage, Place, Settled } from "./stage.ts";
import { subsumed } from "./subsumed.ts";
import { union } from "./union.ts";
import { withinLines } from "./within-lines.ts";

const stages: readonly HunkStage[] = [
  identical,
  reformatted,
  rewrapped,
  subsumed,
  union,
  adjacent,
  withinLines,
];

/** The answer of the first stage that can prove one; undefined where none can. Symmetric in its sides but for order. */
export function settleHunk(hunk: Hunk, at: Place): Settled | undefined {
  const texts = [hunk.base, hunk.ours, hunk.theirs];
  if (texts.some((text) => text.endsWith("\n"))) return firstAnswer(hunk, at);
  // A last line without its end is like no other line, so it would be taken for the one that was kept.
  const end = texts.some((text) => text.includes("\r\n")) ? "\r\n" : "\n";
  const closed = (text: string) => (text === "" ? text : text + end);
  const sides = { base: closed(hunk.base), ours: closed(hunk.ours), theirs: closed(hunk.theirs) };
  const settled = firstAnswer(sides, at);
  return settled && { ...settled, text: settled.text.replace(/\r?\n$/, "") };
}

function firstAnswer(hunk: Hunk, at: Place): Settled | undefined {
  for (const stage of stages) {
    const settled = stage(hunk, at);
    if (settled !== undefined) return settled;
  }
  return undefined;
}
