import type { FileMerge } from "../../core/merge.ts";
import type { Hunk } from "./merge-lines.ts";

/** How the lines of a text end; `mixed` where they differ, `none` where no line ends. */
export type LineEnding = "lf" | "crlf" | "mixed" | "none";

/** How the lines of a text end. */
export function lineEndingOf(text: string): LineEnding {
  let feeds = 0;
  let pairs = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) {
    feeds += 1;
    if (text[at - 1] === "\r") pairs += 1;
  }
  if (feeds === 0) return "none";
  if (pairs === 0) return "lf";
  return pairs === feeds ? "crlf" : "mixed";
}

/** The text with every line ending as asked. */
function withLineEnding(text: string, ending: "lf" | "crlf"): string {
  const plain = text.replaceAll("\r\n", "\n");
  return ending === "lf" ? plain : plain.replaceAll("\n", "\r\n");
}

/**
 * The sides with line feeds only, and the ending that the result gets, where the sides end their lines differently
 * but each of them the same way throughout. Undefined where there is nothing to align, or no one answer.
 */
export function alignEndings(
  sides: Hunk,
): { readonly sides: Hunk; readonly ending: "lf" | "crlf" } | undefined {
  const [base, ours, theirs] = [sides.base, sides.ours, sides.theirs].map(lineEndingOf);
  if ([base, ours, theirs].includes("mixed")) return undefined;
  const known = [base, ours, theirs].filter((ending) => ending === "lf" || ending === "crlf");
  if (new Set(known).size < 2) return undefined;
  // Where two sides differ in one thing of two kinds, one of them is as the base: the other one changed it.
  const ending = ours === base || ours === "none" ? theirs : ours;
  return {
    sides: {
      base: withLineEnding(sides.base, "lf"),
      ours: withLineEnding(sides.ours, "lf"),
      theirs: withLineEnding(sides.theirs, "lf"),
    },
    ending: ending === "crlf" ? "crlf" : "lf",
  };
}

/** The merge with all its texts ending their lines as asked. */
export function withEnding(merge: FileMerge, ending: "lf" | "crlf"): FileMerge {
  const text = withLineEnding(merge.text, ending);
  if (merge.kind === "merged") return { ...merge, text };
  const conflicts = merge.conflicts.map((conflict) => ({
    ...conflict,
    base: withLineEnding(conflict.base, ending),
    ours: withLineEnding(conflict.ours, ending),
    theirs: withLineEnding(conflict.theirs, ending),
  }));
  return { ...merge, text, conflicts };
}
