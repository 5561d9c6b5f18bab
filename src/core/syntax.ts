/** One node of a syntax tree. Offsets count UTF-16 units of the parsed text, end exclusive. */
export interface SyntaxNode {
  /** The grammar's own name, such as `function_declaration` or `,`. */
  readonly type: string;
  /** False for punctuation and keywords. */
  readonly isNamed: boolean;
  readonly start: number;
  readonly end: number;
  /** The name of the parent's field that it fills, where the grammar gives one. */
  readonly field: string | undefined;
  readonly children: readonly SyntaxNode[];
}

/** What a parser made of one text. */
export interface SyntaxTree {
  /** The name of the language, such as `typescript`. */
  readonly language: string;
  readonly root: SyntaxNode;
  /** True where the grammar had to skip or invent something. */
  readonly hasErrors: boolean;
}

/** Parsers of all languages that Nexus knows. */
export interface Syntax {
  /** The language of a file by its path; undefined for what there is no grammar for. */
  languageOf(path: string): string | undefined;
  /**
   * The tree of a text in the language of its path. Undefined where there is no grammar, where the text is too
   * large, or where the parser did not come to an end within its bound. Never throws because of a text.
   */
  parse(path: string, text: string): SyntaxTree | undefined;
}
