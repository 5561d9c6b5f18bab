import type { SyntaxNode } from "../../core/syntax.ts";
import type { Import, ImportedName, ReadImport } from "./import.ts";

/** What the merge of imports must know of one language. */
export interface ImportLanguage {
  /** The nodes among whose children imports stand; the root where it is left out. */
  within?(root: SyntaxNode): SyntaxNode | undefined;
  /** Reads one statement; undefined for what is none, and for one whose order means something. */
  read(node: SyntaxNode, text: string): ReadImport | undefined;
  /** True for what belongs to the statement after it, such as an attribute. */
  isLeading?(node: SyntaxNode): boolean;
  /** Where the language has two kinds of modules. */
  readonly translation?: Translation;
  /** A list of these names in the way that this statement writes names. */
  readonly list: ListStyle;
}

/** How a statement of one kind of module is written as one of the other kind. */
export interface Translation {
  /** The kind of module that a statement belongs to. */
  kindOf(text: string): string;
  /** What statements of one shape have in common; undefined for what is not translated. */
  shapeOf(one: Import): string | undefined;
  /** The same import in the other kind. */
  write(one: Import): string;
}

/** How a language writes a list of names. */
export interface ListStyle {
  /** The names as they are written in this statement. */
  write(names: readonly ImportedName[], statement: string): readonly string[];
  /** Brackets for a list on one line; empty where none are needed. */
  brackets(names: readonly ImportedName[], list: string): readonly [string, string];
  /** Brackets for a list over several lines. */
  readonly wide: readonly [string, string];
  readonly indent: string;
  /** Names after which a line is too long, where the file does not show it. */
  readonly width: number;
  /** True where several names stand on each line of a wide list. */
  readonly fills: boolean;
  /** How sorted lists are sorted, the most likely first. */
  readonly orders: readonly Compare[];
}

/** Compares two names as sorting functions do. */
export type Compare = (one: string, other: string) => number;

/** By code point. */
export const plainly: Compare = (one, other) => {
  if (one === other) return 0;
  return one < other ? -1 : 1;
};

/** Small and capital letters alike. */
export const caselessly: Compare = (one, other) =>
  plainly(one.toLowerCase(), other.toLowerCase()) || plainly(one, other);
