import type { SyntaxNode } from "../core/syntax.ts";

/** A syntax node while its tree is being made. */
export interface PlainNode extends SyntaxNode {
  start: number;
  end: number;
  children: PlainNode[];
}

/**
 * Deeper trees are not handed out: whoever walks one by recursion would run out of stack. People's code stays
 * below 200 levels; long chains of `+` and `else if` reach some more.
 */
export const MAX_DEPTH = 1000;

/** Parents of leaves share one list: most nodes of a tree are leaves. */
export const NO_CHILDREN: PlainNode[] = [];

/** The stretch without the white space at its ends; undefined where there is nothing else. */
function solid(text: string, start: number, end: number): PlainNode | undefined {
  const stretch = text.slice(start, end);
  const trimmed = stretch.trimStart();
  if (trimmed === "") return undefined;
  const from = end - trimmed.length;
  const to = from + trimmed.trimEnd().length;
  return {
    type: "text",
    isNamed: false,
    start: from,
    end: to,
    field: undefined,
    children: NO_CHILDREN,
  };
}

/** Puts a `text` leaf wherever children leave out more than white space, so that leaves hold the whole text. */
export function fillGaps(node: PlainNode, text: string): void {
  const filled: PlainNode[] = [];
  let at = node.start;
  for (const child of node.children) {
    const gap = at < child.start ? solid(text, at, child.start) : undefined;
    if (gap) filled.push(gap);
    filled.push(child);
    at = child.end;
  }
  const rest = at < node.end ? solid(text, at, node.end) : undefined;
  if (rest) filled.push(rest);
  if (filled.length > node.children.length) node.children = filled;
}
