import type { SyntaxNode } from "../../core/syntax.ts";
import { squeezed } from "./identify.ts";
import { mergeBody } from "./merge-body.ts";
import { mergeLeaf } from "./merge-leaf.ts";
import {
  type Member,
  type Outline,
  outlineOf,
  type Part,
  partText,
  type Source,
} from "./outline.ts";
import { hasClash, hasConflict, type Piece, takesWholeLines, textPiece } from "./pieces.ts";
import { isOnItsOwnLine } from "./stray-comments.ts";
import { complete, mapTriple, pick, type Triple } from "./triple.ts";
import type { MergeMember, Work } from "./work.ts";

/** The child with the comments right above it, where its rule says that they are its own. */
function withComments(at: number, siblings: readonly SyntaxNode[], source: Source): SyntaxNode[] {
  const { language, text } = source;
  const child = siblings[at];
  if (!child || !language.bodies[child.type]?.gathers) return child ? [child] : [];
  let first = at;
  for (let above = siblings[first - 1]; above; above = siblings[first - 1]) {
    if (!language.comments.includes(above.type) || !isOnItsOwnLine(text, above.start)) break;
    first -= 1;
  }
  const children = [...siblings.slice(first, at), ...child.children];
  return [{ ...child, start: siblings[first]?.start ?? child.start, children }];
}

/** The outermost containers in a node, in order. */
function bodiesIn(node: SyntaxNode, source: Source): readonly SyntaxNode[] {
  if (source.language.bodies[node.type]) return [node];
  return node.children.flatMap((_, at) =>
    withComments(at, node.children, source).flatMap((child) => bodiesIn(child, source)),
  );
}

/** A part as containers, and the texts before, between and after them. */
interface Split {
  readonly bodies: readonly SyntaxNode[];
  readonly fixed: readonly string[];
}

function splitOf({ source, node, start, end }: Part): Split {
  const bodies = bodiesIn(node, source)
    .filter((body) => body.start === start || (body.start > start && body.start < end))
    .map((body) => (body.end > end ? { ...body, end } : body));
  const edges = [start, ...bodies.flatMap((body) => [body.start, body.end]), end];
  const fixed = Array.from({ length: bodies.length + 1 }, (_, at) =>
    source.text.slice(edges[2 * at], edges[2 * at + 1]),
  );
  return { bodies, fixed };
}

function haveSameShape({ base, ours, theirs }: Triple<Split>): boolean {
  return (
    base.bodies.length > 0 &&
    [ours, theirs].every(
      (side) =>
        side.bodies.length === base.bodies.length &&
        side.bodies.every((body, at) => body.type === base.bodies[at]?.type),
    )
  );
}

function bodyText(
  parts: Triple<Part>,
  nodes: Triple<SyntaxNode>,
  side: keyof Triple<Part>,
): string {
  return parts[side].source.text.slice(nodes[side].start, nodes[side].end);
}

function mergeOneBody(
  work: Work,
  parts: Triple<Part>,
  nodes: Triple<SyntaxNode>,
): readonly Piece[] {
  const texts = {
    base: bodyText(parts, nodes, "base"),
    ours: bodyText(parts, nodes, "ours"),
    theirs: bodyText(parts, nodes, "theirs"),
  };
  const picked = pick(texts);
  if (picked) return [textPiece(picked.value)];
  const outlines = complete({
    base: outlineOf(nodes.base, parts.base.source),
    ours: outlineOf(nodes.ours, parts.ours.source),
    theirs: outlineOf(nodes.theirs, parts.theirs.source),
  });
  const merged = outlines && mergeBody(work, memberMerger(work), outlines);
  if (merged && (!hasConflict(merged) || hasClash(merged))) return merged;
  const byLines = mergeLeaf(work, texts);
  return merged && hasConflict(byLines) ? merged : byLines;
}

/** The parts merged container by container; undefined where they are not built alike. */
export function mergeInside(work: Work, parts: Triple<Part>): readonly Piece[] | undefined {
  const splits = mapTriple(parts, splitOf);
  if (!haveSameShape(splits)) return undefined;
  const pieces = splits.base.fixed.flatMap((_, at) => {
    const texts = mapTriple(splits, ({ fixed }) => fixed[at] ?? "");
    const nodes = complete(mapTriple(splits, ({ bodies }) => bodies[at]));
    return [...mergeLeaf(work, texts), ...(nodes ? mergeOneBody(work, parts, nodes) : [])];
  });
  return takesWholeLines(pieces) ? pieces : undefined;
}

function mergePart(work: Work, parts: Triple<Part>): readonly Piece[] {
  const texts = mapTriple(parts, partText);
  const picked = pick(texts);
  if (picked) return [textPiece(picked.value)];
  return mergeInside(work, parts) ?? mergeLeaf(work, texts);
}

function withoutMembers({ head, tail, rule }: Outline): Outline {
  return { head, tail, rule, members: [] };
}

/** Two additions of one thing whose members are a set, such as imports of one module. */
function mergeUnion(work: Work, ours: Member, theirs: Member): readonly Piece[] {
  const sides = [splitOf(ours), splitOf(theirs)] as const;
  const [our, their] = [sides[0].bodies[0], sides[1].bodies[0]];
  if (!our || !their || sides.some(({ bodies }) => bodies.length !== 1)) return [];
  const [ourFixed, theirFixed] = sides.map(({ fixed }) => squeezed(fixed.join("\n")));
  const outlines = [outlineOf(our, ours.source), outlineOf(their, theirs.source)] as const;
  if (ourFixed !== theirFixed || !outlines[0] || !outlines[1]) return [];
  const triple = { base: withoutMembers(outlines[0]), ours: outlines[0], theirs: outlines[1] };
  const pieces = mergeBody(work, memberMerger(work), triple);
  if (!pieces || hasConflict(pieces)) return [];
  const [before = "", after = ""] = sides[0].fixed;
  return [textPiece(before), ...pieces, textPiece(after)];
}

/** How members are merged: container by container where they are built alike, else by lines. */
function memberMerger(work: Work): MergeMember {
  return ({ base, ours, theirs }) => {
    if (base) return mergePart(work, { base, ours, theirs });
    return ours.identity?.union ? mergeUnion(work, ours, theirs) : [];
  };
}
