import type { Hunk } from "./merge-lines.ts";
import { splitLines } from "./split-lines.ts";

const smallest = 7;
const markerLine = /^(<{7,}|={7,}|>{7,}|\|{7,})(?= |\r?$)/gm;

/** How long the markers must be so that no line of these texts reads like one: 7, or one more than the longest. */
export function markerSizeFor(texts: readonly string[]): number {
  let size = smallest;
  for (const text of texts) {
    for (const [, run = ""] of text.matchAll(markerLine)) size = Math.max(size, run.length + 1);
  }
  return size;
}

/** The three sides between git's markers of that many signs, with the base in the middle where there is one. */
export function markedConflict(hunk: Hunk, size: number): string {
  const parts = [`${"<".repeat(size)} ours\n`, closed(hunk.ours)];
  if (hunk.base !== "") parts.push(`${"|".repeat(size)} base\n`, closed(hunk.base));
  parts.push(`${"=".repeat(size)}\n`, closed(hunk.theirs), `${">".repeat(size)} theirs\n`);
  const marked = parts.join("");
  return hunk.ours.includes("\r\n") ? marked.replaceAll(/\r?\n/g, "\r\n") : marked;
}

function closed(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}

/**
 * How many conflicts stand marked in the text: an opening, a separator and a closing line of one size, in this
 * order. A lone row of equals signs, as under a heading, is none.
 */
export function countMarkedConflicts(text: string): number {
  let found = 0;
  let size = 0;
  let separated = false;
  for (const line of splitLines(text)) {
    const run = /^(<{7,}|={7,}|>{7,})(?= |\r?\n|$)/.exec(line)?.[1];
    if (run === undefined) continue;
    if (run.startsWith("<")) {
      size = run.length;
      separated = false;
    } else if (run.length === size && run.startsWith("=")) separated = true;
    else if (run.length === size && separated) {
      found += 1;
      size = 0;
    }
  }
  return found;
}

/** How many lines open or close a conflict, whether the rest of it is there or not. */
export function countMarkerLines(text: string): number {
  return text.match(/^(?:<{7,}|>{7,})(?= |\r?$)/gm)?.length ?? 0;
}
