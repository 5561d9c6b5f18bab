import type { SyntaxNode } from "../../core/syntax.ts";
import type { Alignment, Entry } from "./align-members.ts";
import { anyOf } from "./entry-state.ts";
import { type Member, partText } from "./outline.ts";
import { stablePlaces } from "./stable-order.ts";

type Side = "ours" | "theirs";

const word = /[\p{L}\p{N}_$-]+/gu;

/** What runs later, and so may speak of what stands below. */
const LATER = /function|method|lambda/;

function later(node: SyntaxNode): readonly SyntaxNode[] {
  return node.children.flatMap((child) =>
    child.field === "body" && LATER.test(node.type) ? [child] : later(child),
  );
}

/** The words of a member that are read where it stands, counted. */
function wordsOf(member: Member | undefined): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  if (!member) return counts;
  const { text } = member.source;
  let from = member.start;
  let read = "";
  for (const { start, end } of later(member.node)) {
    read += `${text.slice(from, start)} `;
    from = end;
  }
  read += text.slice(from, member.end);
  for (const [one] of read.matchAll(word)) counts.set(one, (counts.get(one) ?? 0) + 1);
  return counts;
}

/** The names that others may call a member by: its own, and the anchors in it. */
function namesOf(entry: Entry): readonly string[] {
  const member = entry.base ?? anyOf(entry);
  if (!member || member.identity?.first) return [];
  const own = /^\S+ +(?:(?:static|get|set) )?([\p{L}\p{N}_$-]+)$/u.exec(member.identity?.key ?? "");
  const anchors = partText(member).matchAll(/(?:^|\s)&([^\s,[\]{}]+)/g);
  return [own?.[1] ?? [], Array.from(anchors, ([, name]) => name ?? "")].flat();
}

interface Change {
  readonly id: number;
  readonly before: ReadonlyMap<string, number>;
  readonly after: ReadonlyMap<string, number>;
}

function speaksAnew({ before, after }: Change, names: readonly string[]): boolean {
  return names.some((name) => (after.get(name) ?? 0) > (before.get(name) ?? 0));
}

function movedBy({ orders }: Alignment, side: Side): ReadonlySet<number> {
  const known = orders[side].filter((id) => id < orders.base.length);
  const stable = stablePlaces(known);
  return new Set(known.filter((_, place) => !stable.has(place)));
}

/** Members that the side changed or added, with what they say before and after. */
function changedBy({ entries }: Alignment, side: Side): readonly Change[] {
  return entries.flatMap((entry, id) => {
    const own = entry[side];
    if (!own || (entry.base && partText(entry.base) === partText(own))) return [];
    return [{ id, before: wordsOf(entry.base), after: wordsOf(own) }];
  });
}

function isBroken(alignment: Alignment, side: Side): boolean {
  const moved = movedBy(alignment, side);
  if (moved.size === 0) return false;
  const names = alignment.entries.map(namesOf);
  return changedBy(alignment, side === "ours" ? "theirs" : "ours").some((change) =>
    names.some(
      (known, id) =>
        id !== change.id && (moved.has(id) || moved.has(change.id)) && speaksAnew(change, known),
    ),
  );
}

/**
 * True where one side moved a member and the other made what is read at once speak of it, or it speak of others:
 * nobody can say whether it still stands where it is needed.
 */
export function isOutOfTurn(alignment: Alignment): boolean {
  const runs = alignment.entries.some((entry) => anyOf(entry)?.source.language.runs === true);
  return runs && (isBroken(alignment, "ours") || isBroken(alignment, "theirs"));
}
