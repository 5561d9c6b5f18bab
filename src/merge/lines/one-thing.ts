import type { SyntaxNode } from "../../core/syntax.ts";
import type { Hunk } from "../text/merge-lines.ts";
import { splitLines } from "../text/split-lines.ts";
import { editsOfBoth, isSameEdit, type SideEdit } from "../text/weave.ts";
import type { Place, Whole } from "./stage.ts";

/** Two edits that touch, of different sides, in order. */
interface Touching {
  readonly before: SideEdit;
  readonly after: SideEdit;
}

/** Where they touch, in the text that shows it: what was put there stands in its own side only. */
interface Seam {
  readonly side: "base" | "ours" | "theirs";
  readonly line: number;
}

// Hunks of few words may stand anywhere; where they stand so often, nothing is known.
const mostPlaces = 20;

/**
 * True where edits of both sides touch in lines that make one decision together, so that neither side could know what
 * the other makes of it: operands of one condition, a condition with the exit that it guards, a mark that says how a
 * signature is to be taken. False where no grammar reads the text.
 */
export function splitsOneThing(hunk: Hunk, { whole }: Place): boolean {
  if (whole === undefined) return false;
  const [ours, theirs] = editsOfBoth({
    base: splitLines(hunk.base),
    ours: splitLines(hunk.ours),
    theirs: splitLines(hunk.theirs),
  });
  const edits = [...ours, ...theirs].sort(
    (left, right) => left.baseStart - right.baseStart || left.baseEnd - right.baseEnd,
  );
  return edits.some((after, at) => {
    const before = edits[at - 1];
    return (
      before !== undefined && touches(before, after) && isOneThing(hunk, { before, after }, whole)
    );
  });
}

/** Edits of different sides in a row, of which one at least changes lines of the base. */
function touches(before: SideEdit, after: SideEdit): boolean {
  return (
    before.side !== after.side &&
    before.baseEnd === after.baseStart &&
    before.baseStart < after.baseEnd &&
    !isSameEdit(before, after)
  );
}

function isOneThing(hunk: Hunk, edits: Touching, whole: Whole): boolean {
  const { side, line } = seamOf(edits);
  const text = whole.sides[side];
  const root = whole.parse(text)?.root;
  if (root === undefined || hunk[side] === "") return false;
  const inside = splitLines(hunk[side]).slice(0, line).join("").length;
  let places = 0;
  for (let at = text.indexOf(hunk[side]); at >= 0; at = text.indexOf(hunk[side], at + 1)) {
    places += 1;
    if (places > mostPlaces || isTied(root, text, at + inside)) return true;
  }
  return false;
}

function seamOf({ before, after }: Touching): Seam {
  if (before.baseStart === before.baseEnd && before.side !== "both")
    return { side: before.side, line: before.end };
  if (after.baseStart === after.baseEnd && after.side !== "both")
    return { side: after.side, line: after.start };
  return { side: "base", line: after.baseStart };
}

function isTied(root: SyntaxNode, text: string, seam: number): boolean {
  const left = text.slice(0, seam).trimEnd().length - 1;
  const right = text.length - text.slice(seam).trimStart().length;
  if (left < 0 || right >= text.length) return false;
  const around = chainAt(root, (node) => node.start <= left && node.end > right);
  return (
    joinsOperands(around.at(-1)) ||
    guardsExit(around, { left, next: chainAt(root, holding(right)), right }) ||
    chainAt(root, holding(left)).some(
      ({ type, start, end }) =>
        marks.test(type) && end === left + 1 && rules.test(text.slice(start, end)),
    )
  );
}

function joinsOperands(node: SyntaxNode | undefined): boolean {
  if (node === undefined) return false;
  return choices.test(node.type) || node.children.some(({ type }) => joiners.has(type));
}

interface Seen {
  readonly left: number;
  readonly right: number;
  readonly next: readonly SyntaxNode[];
}

function guardsExit(around: readonly SyntaxNode[], { left, right, next }: Seen): boolean {
  // The brace that opens a block stands on the line of what the block belongs to.
  const owner = around.at(-1)?.start === left ? around.at(-2) : around.at(-1);
  if (owner === undefined || !guards.test(owner.type)) return false;
  return next.some(({ type, start }) => start === right && exits.test(type));
}

function holding(at: number) {
  return (node: SyntaxNode): boolean => node.start <= at && node.end > at;
}

const exits = /^(?:return|raise|throw|break|continue)_(?:statement|expression)$/;
const guards = /^(?:if_statement|if_expression|elif_clause|while_statement|while_expression)$/;
const joiners = new Set(["&&", "||", "??", "and", "or"]);
const choices = /^(?:ternary_expression|conditional_expression|let_chain)$/;
const marks = /^(?:decorator|attribute_item|annotation|marker_annotation)$/;
/** Marks that say who may call the thing and with what, or whether it is there at all. */
const rules =
  /\b(?:\w*property|setter|getter|deleter|staticmethod|classmethod|overload|Override|cfg|test)\b/;

/** The nodes from the root down for which it holds. */
function chainAt(root: SyntaxNode, holds: (node: SyntaxNode) => boolean): readonly SyntaxNode[] {
  const chain: SyntaxNode[] = [];
  for (let node: SyntaxNode | undefined = root; node !== undefined; ) {
    chain.push(node);
    node = node.children.find(holds);
  }
  return chain;
}
