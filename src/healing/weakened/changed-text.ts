import type { Weakening } from "../../core/weakening.ts";
import { type Masked, textOfLine } from "./masked.ts";

/** One file that a change touches, as it is on both sides; undefined where it is not there. */
export interface ChangedText {
  readonly path: string;
  readonly base: string | undefined;
  readonly head: string | undefined;
}

/** The same with comments and strings set apart. */
export interface ChangedCode {
  readonly path: string;
  readonly base: Masked | undefined;
  readonly head: Masked | undefined;
}

interface Place {
  readonly path: string;
  readonly text: string;
  readonly side: Weakening["side"];
  readonly line: number;
}

/** A finding that shows the line where it stands. */
export function findingAt(kind: Weakening["kind"], { path, text, side, line }: Place): Weakening {
  return { path, line, side, kind, text: shown(textOfLine(text, line)) };
}

/** Short enough to be kept. */
export function shown(text: string, longest = 300): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length > longest ? `${line.slice(0, longest - 1).toWellFormed()}…` : line;
}
