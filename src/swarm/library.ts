import type { Definition } from "../core/definitions.ts";

/** The repository as it was when the task began: to be read, never changed. */
export interface Library {
  /** The text of a file; undefined where there is none. */
  read(path: string): Promise<string | undefined>;
  /** Lines that hold a text or match an extended regular expression, within bounds. */
  search(wanted: Wanted): Promise<Searched>;
  /** The named parts of a file; undefined where there is no such file, or no parser that reads all of it. */
  definitions(path: string): Promise<readonly Definition[] | undefined>;
}

interface Wanted {
  readonly pattern: string;
  readonly regex: boolean;
  /** A folder or file; everything where it is empty. */
  readonly path: string;
}

/** Lines by path, or why nothing was looked for. */
type Searched =
  | { readonly kind: "found"; readonly hits: readonly Line[]; readonly isCut: boolean }
  | { readonly kind: "refused"; readonly why: string };

interface Line {
  readonly path: string;
  readonly line: number;
  readonly text: string;
}
