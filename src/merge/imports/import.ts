/** A stretch of a text, end exclusive. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** One name of a statement's list. */
export interface ImportedName {
  /** Equal for equal things however they are laid out, such as `a as b`. */
  readonly text: string;
  /** What the file calls it, or each of a nested list; none where that is not known, as for a wildcard. */
  readonly binds: readonly string[];
}

/** One statement that brings names from one source into a file, as a language's reader sees it. */
export interface ReadImport {
  readonly source: Range;
  /** Where the names stand, brackets included; undefined where there is no list. */
  readonly list: Range | undefined;
  readonly names: readonly ImportedName[];
  /** Names that stand outside the list, such as a default. */
  readonly binds: readonly string[];
  /** The source as it is compared, without its quotes. */
  readonly from: string;
}

/** A statement with its place among the others. */
export interface Import extends ReadImport {
  /** The statement and what belongs to it, such as attributes before it and a comment on its line. */
  readonly text: string;
  /** `source` and `list` within `text`. */
  readonly at: { readonly source: Range; readonly list: Range | undefined };
  /** What stands around source and names: two of one form differ in these alone. */
  readonly form: string;
  /** What stands between it and the statement before it: line ends, blank lines, comments. */
  readonly lead: string;
}

/** Everything that the file calls by a name because of this statement. */
export function boundBy({ names, binds }: ReadImport): readonly string[] {
  return [...binds, ...names.flatMap((name) => name.binds)];
}

/** True where both name the same, however they are laid out. */
export function meanTheSame(one: Import, other: Import): boolean {
  return (
    one.form === other.form && one.from === other.from && haveSameNames(one.names, other.names)
  );
}

/** True for the same names in any order. */
export function haveSameNames(
  one: readonly ImportedName[],
  other: readonly ImportedName[],
): boolean {
  const texts = new Set(other.map(({ text }) => text));
  return one.length === other.length && one.every(({ text }) => texts.has(text));
}
