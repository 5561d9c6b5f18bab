import type { SyntaxNode } from "../../core/syntax.ts";

/** What a member is known by, on every side. */
export interface Identity {
  /** Equal on all sides for one thing: its kind and its name. */
  readonly key: string;
  /** Tells things of one key apart, such as the parameters of overloads. */
  readonly detail?: string;
  /** True where it means nothing which of two such members stands first. */
  readonly free: boolean;
  /** True for what stands before everything else, such as imports. */
  readonly first?: boolean;
  /** True where two that were added for the same key are one, with the members of both. */
  readonly union?: boolean;
}

/** Reads who a node is; `text` is the whole file. Undefined: a node without a name, such as a statement. */
export type Identify = (node: SyntaxNode, text: string) => Identity | undefined;

/** How the members of a kind of node stand in it. */
export interface BodyRule {
  /** Stands between members, and perhaps after the last one. */
  readonly separator?: string;
  /** Signs that end a member but are no part of its node. */
  readonly absorbs?: readonly string[];
  /** A member that ends so needs no separator. */
  readonly bare?: string;
  /** The types of its members; without it, everything that has a name in the grammar. */
  readonly only?: readonly string[];
  /** Members are what fills this field; without it, everything. */
  readonly field?: string;
  /** True where members are a set of names: known by their text, in any order. */
  readonly set?: boolean;
  /** True where members that stand sorted on all sides are a set. */
  readonly sortable?: boolean;
  /** True where comments that stand right above it, on lines of their own, are among its members. */
  readonly gathers?: boolean;
  /** True where a member without a name is known by its place: two sides may not both change how many there are. */
  readonly positional?: boolean;
  /** Says of a container whether the place of a member in it is its number or its rank. */
  readonly counts?: (node: SyntaxNode, text: string) => boolean;
}

/** What the merge must know of one language, as data. */
export interface Language {
  /** True where a text runs or is read from above: a member may need what stands before it. */
  readonly runs?: boolean;
  readonly comments: readonly string[];
  /** Nodes of their own that belong to the member after them, such as attributes. */
  readonly leading: readonly string[];
  /** By type of node: what has members. */
  readonly bodies: Readonly<Record<string, BodyRule>>;
  /** By type of node: how a member is known. */
  readonly members: Readonly<Record<string, Identify>>;
}
