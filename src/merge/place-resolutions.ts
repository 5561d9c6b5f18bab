import type { Conflict, ConflictedFile, HunkReport } from "../core/merge.ts";

/** Where one conflict stands in a text with markers: `from` is its first line, `to` the one after it, from 0. */
interface Place {
  readonly from: number;
  readonly to: number;
}

/** A text whose conflicts gave way to resolutions, and the lines, from 1, at which these begin. */
interface Placed {
  readonly text: string;
  readonly lines: readonly number[];
  /** The hunks that were settled before, at their new lines. */
  readonly hunks: readonly HunkReport[];
}

/** Where the markers of each conflict are; undefined when one is not where the file says. */
export function placesOf({ text, conflicts }: ConflictedFile): readonly Place[] | undefined {
  const lines = linesOf(text);
  const places: Place[] = [];
  for (const conflict of conflicts) {
    const place = placeOf(lines, conflict);
    if (!place || place.from < (places.at(-1)?.to ?? 0)) return undefined;
    places.push(place);
  }
  return places;
}

/** Puts one text in the place of each conflict, as it is. All that is outside of the markers stays. */
export function placeResolutions(
  file: ConflictedFile,
  places: readonly Place[],
  texts: readonly string[],
): Placed {
  const lines = linesOf(file.text);
  const parts: string[] = [];
  const starts: number[] = [];
  const moves: { readonly after: number; readonly by: number }[] = [];
  let at = 0;
  let moved = 0;
  for (const [index, place] of places.entries()) {
    const text = texts[index] ?? "";
    parts.push(...lines.slice(at, place.from), text);
    starts.push(place.from + 1 + moved);
    moved += linesOf(text).length - (place.to - place.from);
    moves.push({ after: place.from, by: moved });
    at = place.to;
  }
  parts.push(...lines.slice(at));
  const settled = file.hunks.filter(({ stage }) => stage !== "person");
  return {
    text: parts.join(""),
    lines: starts,
    hunks: settled.map((hunk) => ({ ...hunk, line: movedLine(hunk.line, moves) })),
  };
}

/** The lines of a text, each with its end. */
export function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

// By counting, not by looking for markers: a side may hold lines that look like one.
function placeOf(lines: readonly string[], conflict: Conflict): Place | undefined {
  const from = conflict.line - 1;
  let at = from;
  const passes = (marker: string) => (lines[at]?.startsWith(marker) ?? false) && at++ >= 0;
  const skips = (side: string) => {
    const expected = linesOf(side);
    const found = lines.slice(at, at + expected.length);
    at += expected.length;
    return expected.every((line, index) => bare(line) === bare(found[index] ?? ""));
  };
  if (!passes("<<<<<<<") || !skips(conflict.ours)) return undefined;
  if (passes("|||||||") && !skips(conflict.base)) return undefined;
  if (!passes("=======") || !skips(conflict.theirs) || !passes(">>>>>>>")) return undefined;
  return { from, to: at };
}

/** The last line of a side may have got its end from the marker below it. */
function bare(line: string): string {
  return line.replace(/\r?\n$/, "");
}

function movedLine(line: number, moves: readonly { after: number; by: number }[]): number {
  const by = moves.findLast(({ after }) => line - 1 > after)?.by ?? 0;
  return Math.max(1, line + by);
}
