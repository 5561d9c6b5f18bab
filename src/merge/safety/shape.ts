import type { SyntaxNode } from "../../core/syntax.ts";

/** The text of a node. */
export type Read = (node: SyntaxNode) => string;

/** What one type of node declares. */
export interface Declares {
  /** The plain word for it, such as `function`. */
  readonly what: string;
  /** The names it declares; none where this node declares nothing that counts. */
  readonly names: (node: SyntaxNode, read: Read) => readonly string[];
  /** Names of different spaces never meet; `name` where left out. */
  readonly space?: "import" | "test" | "export" | "key" | "attribute" | "argument";
  /** Names that it also puts into the scope around it, such as those of an import. */
  readonly binds?: (node: SyntaxNode, read: Read) => readonly string[];
  /** True where what stands inside is code that runs: what is merely assigned there declares nothing. */
  readonly isCode?: boolean;
  /** True where it only holds what it declares: nothing stands inside one of its names. */
  readonly isList?: boolean;
  /** True where it declares only outside of such code. */
  readonly outsideCode?: boolean;
}

/** How a language declares things: data, by the types of its grammar. */
export interface Shape {
  readonly declares: Readonly<Record<string, Declares>>;
  /** Nodes in which a name may stand again, for it is another scope. */
  readonly blocks: ReadonlySet<string>;
  /** A name for an item of a list that has none of its own, such as an object with a `name`. */
  readonly item?: (node: SyntaxNode, read: Read) => string | undefined;
}

/** The first child that fills a field. */
export function fieldOf(node: SyntaxNode, field: string): SyntaxNode | undefined {
  return node.children.find((child) => child.field === field);
}

/** The first child of a type. */
export function childOf(node: SyntaxNode, ...types: readonly string[]): SyntaxNode | undefined {
  return node.children.find((child) => types.includes(child.type));
}

/** Texts of all children that fill a field; by default `name`. */
export function named(field = "name"): Declares["names"] {
  return (node, read) =>
    node.children.filter((child) => child.field === field && child.isNamed).map(read);
}

/** A text without its white space: layout makes no other name. */
export function squash(text: string): string {
  return text.replace(/\s+/g, "");
}

/** The name with the parameters as they are written, for what may be declared again with others. */
export function withParameters(node: SyntaxNode, read: Read): readonly string[] {
  const name = fieldOf(node, "name");
  const parameters = fieldOf(node, "parameters");
  return name ? [read(name) + (parameters ? squash(read(parameters)) : "")] : [];
}

/** A text without the quotes around it. */
export function unquoted(text: string): string {
  return text.replace(/^(["'`])([\s\S]*)\1$/, "$2");
}
