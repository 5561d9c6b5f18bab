import type { SyntaxTree } from "../../core/syntax.ts";
import type { Hunk } from "../text/merge-lines.ts";

/** Where a hunk stands. */
export interface Place {
  readonly path: string;
  /** The grammar's name, undefined where there is none. */
  readonly language: string | undefined;
  /** What stands before the hunk in the file, as far as it is known; it says what the lines are members of. */
  readonly before?: string;
  /** What follows the hunk. */
  readonly after?: string;
  /** The file that it is a part of. */
  readonly whole?: Whole;
}

/** The three versions of a file, and how one of them is read. */
export interface Whole {
  readonly sides: Hunk;
  parse(text: string): SyntaxTree | undefined;
}

/** A hunk that is settled, and why that is right. */
export interface Settled {
  readonly text: string;
  /** One plain sentence; never text of the files. */
  readonly why: string;
}

/** Proves an answer for one hunk, or says nothing. */
export type HunkStage = (hunk: Hunk, at: Place) => Settled | undefined;
