import type { ConflictedFile, HunkReport, Sides } from "../core/merge.ts";
import type { Syntax } from "../core/syntax.ts";
import { placeResolutions, placesOf } from "./place-resolutions.ts";
import { problemsOf } from "./safety/check-merged.ts";

/** A file with conflicts, and the three texts it came from. */
export interface UnsettledFile {
  readonly sides: Sides;
  readonly merge: ConflictedFile;
}

/** A file in which every conflict gave way to a text. */
interface Filled {
  readonly text: string;
  /** The first line of each of these texts, from 1. */
  readonly lines: readonly number[];
  readonly hunks: readonly HunkReport[];
}

/** The file with one text in the place of each conflict, with the line ends that the file has. */
export function filledIn({ sides, merge }: UnsettledFile, texts: readonly string[]): Filled {
  const places = placesOf(merge) ?? [];
  const filled = placeResolutions(
    merge,
    places,
    texts.map((text) => withEnds(text, sides)),
  );
  const isOpen = !endsLine(sides.ours) && !endsLine(sides.theirs);
  return isOpen ? { ...filled, text: filled.text.replace(/\r?\n$/, "") } : filled;
}

/** Why the file cannot be what it becomes with these texts; empty where nothing is wrong with it. */
export function problemsWith(
  file: UnsettledFile,
  texts: readonly string[],
  syntax: Syntax,
): readonly string[] {
  if (!placesOf(file.merge)) return ["Its conflicts could not be told apart."];
  return problemsOf(file.sides, filledIn(file, texts).text, syntax);
}

function withEnds(text: string, { ours, theirs }: Sides): string {
  const lines = text.replaceAll("\r\n", "\n");
  const whole = lines === "" || endsLine(lines) ? lines : `${lines}\n`;
  return `${ours}${theirs}`.includes("\r\n") ? whole.replaceAll("\n", "\r\n") : whole;
}

function endsLine(text: string): boolean {
  return text === "" || text.endsWith("\n");
}
