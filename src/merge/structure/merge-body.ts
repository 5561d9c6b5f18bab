import { type Alignment, alignMembers, type Entry } from "./align-members.ts";
import { anyOf, stateOf } from "./entry-state.ts";
import { contentionIn, type Gap, type Stretch, stretchesOf, touches } from "./gaps.ts";
import { leadOf } from "./member-lead.ts";
import { mergeLeaf } from "./merge-leaf.ts";
import { mergeOrder } from "./merge-order.ts";
import { isOutOfTurn } from "./out-of-turn.ts";
import { type Member, type Outline, partText } from "./outline.ts";
import {
  CLASH,
  conflictPiece,
  type Piece,
  takesWholeLines,
  textPiece,
  withTail,
} from "./pieces.ts";
import { arranged, sortingOf } from "./sorted-run.ts";
import { complete, mapTriple, pick, type Triple } from "./triple.ts";
import type { MergeMember, Work } from "./work.ts";

/** A member, or a conflict over several, on its way into the merged list. */
interface Item {
  readonly entry: Entry;
  readonly pieces: readonly Piece[];
  readonly separator: string;
  readonly trail: string;
  readonly isComment: boolean;
  readonly isBare: boolean;
}

interface Merging {
  readonly work: Work;
  readonly mergeMember: MergeMember;
  readonly outlines: Triple<Outline>;
  readonly alignment: Alignment;
}

function fullText(member: Member): string {
  return partText(member) + member.separator + member.trail;
}

/** Several members of one side as they stand there, without what stands before the first. */
function runText(members: readonly (Member | undefined)[]): string | undefined {
  const there = members.filter((member) => member !== undefined);
  if (there.length === 0) return undefined;
  return there.map((member, at) => (at > 0 ? member.lead : "") + fullText(member)).join("");
}

function isBare(member: Member, { outlines }: Merging): boolean {
  const { bare } = outlines.ours.rule;
  return bare !== undefined && partText(member).endsWith(bare);
}

function item(entry: Entry, pieces: readonly Piece[], merging: Merging): Item {
  const member = anyOf(entry);
  const members = [entry.ours, entry.theirs, entry.base];
  return {
    entry,
    pieces,
    separator: member?.separator ?? "",
    trail: member?.trail ?? "",
    isComment: member?.isComment ?? false,
    isBare: members.some((one) => one !== undefined && isBare(one, merging)),
  };
}

/** Everything of a conflict is between its markers. */
function closed(entry: Entry, piece: Piece, merging: Merging): Item {
  return { ...item(entry, [piece], merging), separator: "", trail: "", isBare: true };
}

function whole(entry: Entry, why: string, merging: Merging): Item {
  const text = (member: Member | undefined) => member && fullText(member);
  return closed(entry, conflictPiece(mapTriple(entry, text), why), merging);
}

/** A comment on a member's line speaks of what one side may have changed: the two are one. */
function isTrailApart(members: Triple<Member>): boolean {
  const { base, ours, theirs } = members;
  const changed = (side: Member) => side.trail !== base.trail;
  const edited = (side: Member) => partText(side) !== partText(base);
  if (changed(ours) && changed(theirs)) return ours.trail !== theirs.trail;
  return (changed(ours) && edited(theirs)) || (changed(theirs) && edited(ours));
}

function mergedMember(entry: Entry, members: Triple<Member>, merging: Merging): Item {
  if (isTrailApart(members)) return whole(entry, "both sides changed the same line", merging);
  const trail = pick(mapTriple(members, (member) => member.trail));
  const separator = pick(mapTriple(members, (member) => member.separator));
  return {
    ...item(entry, merging.mergeMember(members), merging),
    trail: trail?.value ?? "",
    separator: separator?.value ?? members.ours.separator,
  };
}

function addedByBoth(entry: Entry, merging: Merging): Item {
  const { ours, theirs } = entry;
  if (!ours || !theirs) return item(entry, [], merging);
  const same = partText(ours) === partText(theirs);
  const note: Piece = { kind: "note", why: "both sides added the same" };
  if (same) return item(entry, [note, textPiece(partText(ours))], merging);
  const pieces = merging.mergeMember({ base: undefined, ours, theirs });
  if (pieces.length > 0) return item(entry, pieces, merging);
  return whole(entry, CLASH, merging);
}

function itemOf(id: number, merging: Merging): Item | undefined {
  const entry = merging.alignment.entries[id];
  if (!entry) return undefined;
  const members = complete(entry);
  if (members) return mergedMember(entry, members, merging);
  const state = stateOf(entry);
  if (state === "added-by-both") return addedByBoth(entry, merging);
  if (state === "deleted-by-ours-edited" || state === "deleted-by-theirs-edited") {
    return whole(entry, "one side deleted what the other edited", merging);
  }
  const member = anyOf(entry);
  return member && item(entry, [textPiece(partText(member))], merging);
}

/** The whole gap as one conflict. */
function contended(gap: Gap, why: string, merging: Merging): Item | undefined {
  const { entries } = merging.alignment;
  const first = entries[gap.ours[0] ?? gap.theirs[0] ?? gap.base[0] ?? -1];
  if (!first) return undefined;
  const hunk = {
    base: runText(gap.base.map((id) => entries[id]?.base)),
    ours: runText(gap.ours.map((id) => entries[id]?.ours)),
    theirs: runText(gap.theirs.map((id) => entries[id]?.theirs)),
  };
  return closed(first, conflictPiece(hunk, why), merging);
}

function gapItems(gap: Gap, merging: Merging): readonly Item[] {
  const sorting = sortingOf(merging.outlines);
  const { sortable } = merging.outlines.ours.rule;
  const why = contentionIn(merging.alignment, gap, sortable === true && sorting !== undefined);
  if (why !== undefined) return [contended(gap, why, merging) ?? []].flat();
  const items = arranged(merging.alignment, gap.merged, sorting).flatMap(
    (id) => itemOf(id, merging) ?? [],
  );
  const sides = new Set(items.map(({ entry }) => stateOf(entry)));
  if (!sides.has("added-by-ours") || !sides.has("added-by-theirs")) return items;
  const note: Piece = { kind: "note", why: "both sides added members whose order has no meaning" };
  return items.map((one, at) => (at > 0 ? one : { ...one, pieces: [note, ...one.pieces] }));
}

/** Whether the last member is followed by a separator too, as most sides have it. */
function endsWithSeparator(outlines: Triple<Outline>): boolean {
  const ends = mapTriple(outlines, ({ members }) => {
    const last = members.findLast(({ isComment }) => !isComment);
    return last && last.separator !== "";
  });
  const known = ends.ours ?? ends.theirs ?? ends.base ?? false;
  return (
    pick({
      base: ends.base ?? known,
      ours: ends.ours ?? known,
      theirs: ends.theirs ?? known,
    })?.value ?? known
  );
}

function separated(items: readonly Item[], outlines: Triple<Outline>): readonly Item[] {
  const sign = outlines.ours.rule.separator;
  if (sign === undefined) return items;
  const last = items.findLastIndex(({ isComment }) => !isComment);
  const atEnd = endsWithSeparator(outlines);
  return items.map((one, at) => {
    if (one.isComment || one.isBare) return one;
    if (at === last && !atEnd) return { ...one, separator: "" };
    return one.separator === "" ? { ...one, separator: sign } : one;
  });
}

function assembled(items: readonly Item[], outlines: Triple<Outline>): readonly Piece[] {
  let before: string | undefined;
  return separated(items, outlines).flatMap((one) => {
    const lead = leadOf(one.entry, { outlines, before });
    before = lead;
    return [textPiece(lead), ...withTail(one.pieces, one.separator + one.trail)];
  });
}

/** What is known by its place only is another one as soon as one side puts something before it. */
function countsChangedByBoth(outlines: Triple<Outline>): boolean {
  if (!outlines.ours.rule.positional) return false;
  const nameless = mapTriple(
    outlines,
    ({ members }) => members.filter((one) => !one.identity && !one.isComment).length,
  );
  return nameless.ours !== nameless.base && nameless.theirs !== nameless.base;
}

function itemsOf(stretch: Stretch, merging: Merging): readonly Item[] {
  if (stretch.kind === "gap") return gapItems(stretch, merging);
  const one = itemOf(stretch.id, merging);
  return one ? [one] : [];
}

/**
 * One container from three, member by member, with conflicts around what cannot be settled. Undefined where its
 * members' names or orders are ambiguous, or where a conflict would not take whole lines.
 */
export function mergeBody(
  work: Work,
  mergeMember: MergeMember,
  outlines: Triple<Outline>,
): readonly Piece[] | undefined {
  const alignment = alignMembers(outlines);
  if (countsChangedByBoth(outlines)) return undefined;
  const order = alignment && mergeOrder(alignment);
  if (!alignment || !order) return undefined;
  const merging: Merging = { work, mergeMember, outlines, alignment };
  const stretches = stretchesOf(alignment, order);
  if (touches(alignment, stretches) || isOutOfTurn(alignment)) return undefined;
  const items = stretches.flatMap((stretch) => itemsOf(stretch, merging));
  const pieces = [
    ...mergeLeaf(
      work,
      mapTriple(outlines, ({ head }) => head),
    ),
    ...assembled(items, outlines),
    ...mergeLeaf(
      work,
      mapTriple(outlines, ({ tail }) => tail),
    ),
  ];
  return takesWholeLines(pieces) ? pieces : undefined;
}
