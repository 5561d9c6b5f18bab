import type { SyntaxNode } from "../../core/syntax.ts";
import type { Identify, Identity } from "./language.ts";

/** A text with every run of white space as one blank. */
export function squeezed(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}

/** The node's text, with every run of white space as one blank. */
export function textOf(node: SyntaxNode, text: string): string {
  return squeezed(text.slice(node.start, node.end));
}

/** The first child that fills the field. */
export function fieldOf(node: SyntaxNode, field: string): SyntaxNode | undefined {
  return node.children.find((child) => child.field === field);
}

/** The first child of one of these types. */
export function childOf(node: SyntaxNode, ...types: readonly string[]): SyntaxNode | undefined {
  return node.children.find((child) => types.includes(child.type));
}

/** True where the node holds a keyword or sign of this type itself. */
export function holds(node: SyntaxNode, type: string): boolean {
  return node.children.some((child) => child.type === type);
}

interface Naming {
  /** The field that holds the name; `name` where it is not said. */
  readonly by?: string;
  /** Whether order means something; it does not where it is not said. */
  readonly ordered?: boolean;
  /** The field that tells overloads apart. */
  readonly detail?: string;
}

/** Known by the text of one field, in any order unless it says otherwise. */
export function named(
  kind: string,
  { by = "name", ordered = false, detail }: Naming = {},
): Identify {
  return (node, text) => {
    const name = fieldOf(node, by);
    if (!name) return undefined;
    const more = detail === undefined ? undefined : fieldOf(node, detail);
    return {
      key: `${kind} ${unquoted(textOf(name, text))}`,
      free: !ordered,
      ...(more && { detail: textOf(more, text) }),
    };
  };
}

/** One of its kind, such as a module's own documentation. */
export function only(kind: string): Identify {
  return () => ({ key: kind, free: false });
}

/** Known as the first child that is known itself. */
export function wrapping(members: () => Readonly<Record<string, Identify>>): Identify {
  return (node, text) => {
    for (const child of node.children) {
      const identify = members()[child.type];
      const identity = identify?.(child, text);
      if (identity) return identity;
    }
    return undefined;
  };
}

/** An import of this module: before everything else, one with another of the same module. */
export function importOf(module: string): Identity {
  return { key: `import ${module}`, free: true, first: true, union: true };
}

/** A key without the quotes that it may have or not have. */
export function unquoted(text: string): string {
  return /^(["'])[\w$-]+\1$/.test(text) ? text.slice(1, -1) : text;
}
