import { diff } from "../../../src/merge/text/diff.ts";
import { createInterner } from "../../../src/merge/text/intern.ts";
import { splitLines } from "../../../src/merge/text/split-lines.ts";

/** So long that no file has such a line. */
export const MARKER_SIZE = 29;

/** The lines around the conflicts of a file, with one line for each conflict. */
export interface Template {
  readonly lines: readonly string[];
  /** Where the conflicts are among them. */
  readonly places: readonly number[];
}

/** Reads what `git merge-file` left. */
export function templateOf(marked: string): Template {
  const lines: string[] = [];
  const places: number[] = [];
  let isInside = false;
  for (const line of splitLines(marked)) {
    if (!isInside && isMarker(line, "<")) {
      isInside = true;
      places.push(lines.length);
      // No text has this one.
      lines.push(`\0${places.length}`);
    } else if (isInside) isInside = !isMarker(line, ">");
    else lines.push(line);
  }
  return { lines, places };
}

/** What stands where the conflicts were; undefined where the lines around one are others. */
export function atPlaces(template: Template, text: string): readonly (string | undefined)[] {
  const lines = splitLines(text);
  const { before, after } = untouched(template, lines);
  const middle = template.lines.slice(before, template.lines.length - after);
  const intern = createInterner();
  const written = lines.slice(before, lines.length - after);
  const edits = diff(intern(middle), intern(written));
  return template.places.map((place) => {
    const at = place - before;
    const edit = edits.find(({ baseStart, baseEnd }) => baseStart <= at && at < baseEnd);
    if (edit === undefined || edit.baseEnd - edit.baseStart > 1) return undefined;
    return written.slice(edit.start, edit.end).join("");
  });
}

/** How many lines before the first and after the last conflict are as they were: all of them, or none counts. */
function untouched({ lines, places }: Template, written: readonly string[]) {
  const before = places.at(0) ?? 0;
  const after = lines.length - (places.at(-1) ?? 0) - 1;
  const fits = before + after <= written.length;
  const isHead = lines.slice(0, before).every((line, at) => line === written[at]);
  const tail = written.slice(written.length - after);
  const isTail = lines.slice(lines.length - after).every((line, at) => line === tail[at]);
  return fits && isHead && (after === 0 || isTail) ? { before, after } : { before: 0, after: 0 };
}

function isMarker(line: string, sign: string): boolean {
  return line.startsWith(sign.repeat(MARKER_SIZE)) && /^(?:\s|$)/.test(line.slice(MARKER_SIZE));
}
