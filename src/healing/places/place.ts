/** A line of a file of the repository. */
export interface Frame {
  readonly file: string;
  readonly line: number;
}

/** One thing that a red check complains about. Its texts are as hostile as the output they come from. */
export interface FailingPlace {
  /** A file of the repository, as git names it; absent where none is named. */
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  /** The rule or number that the tool gives it. */
  readonly code?: string | undefined;
  /** The test that failed. */
  readonly test?: string | undefined;
  readonly message: string;
  /** The lines it was read from. */
  readonly excerpt: string;
  /** What the stack names in the repository, the innermost first. */
  readonly frames: readonly Frame[];
}

/** What a red check complains about, the likely root first. */
export interface FailingPlaces {
  readonly places: readonly FailingPlace[];
  /** How many more there are. */
  readonly followers: number;
}
