import type { SyntaxNode } from "../../core/syntax.ts";

function columnOf(text: string, at: number): number {
  return at - (text.lastIndexOf("\n", at - 1) + 1);
}

/** True where only white space stands before it on its line. */
export function isOnItsOwnLine(text: string, at: number): boolean {
  return text.slice(at - columnOf(text, at), at).trim() === "";
}

/**
 * Comments at the very end of a node that stand no deeper than the node itself: where indentation makes blocks,
 * grammars give them to the block above, and people write them for what follows.
 */
export function strayComments(
  node: SyntaxNode,
  text: string,
  isComment: (node: SyntaxNode) => boolean,
): readonly SyntaxNode[] {
  const column = columnOf(text, node.start);
  const isStray = (one: SyntaxNode) =>
    isComment(one) && isOnItsOwnLine(text, one.start) && columnOf(text, one.start) <= column;
  const found: SyntaxNode[] = [];
  let level = node.children;
  while (level.length > 0) {
    let rest = level.length;
    for (let last = level[rest - 1]; last && isStray(last); last = level[rest - 1]) {
      found.unshift(last);
      rest -= 1;
    }
    level = level[rest - 1]?.children ?? [];
  }
  return found;
}
