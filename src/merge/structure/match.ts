import { countTokens, likeness, wordsOnly } from "./likeness.ts";
import { type Member, partText } from "./outline.ts";
import { stablePlaces } from "./stable-order.ts";

/** For every member of one list, the place of the same member in the other; -1 where it has none. */
export type Partners = Int32Array;

interface Matching {
  readonly base: readonly Member[];
  readonly side: readonly Member[];
  /** By place in `side`. */
  readonly partners: Int32Array;
  readonly taken: Uint8Array;
}

function join(matching: Matching, base: number, side: number): void {
  matching.partners[side] = base;
  matching.taken[base] = 1;
}

function openIn(matching: Matching): { readonly base: number[]; readonly side: number[] } {
  return {
    base: [...matching.base.keys()].filter((place) => !matching.taken[place]),
    side: [...matching.side.keys()].filter((place) => matching.partners[place] === -1),
  };
}

type Name = (member: Member) => string | undefined;

function placesByName(members: readonly Member[], places: readonly number[], name: Name) {
  const found = new Map<string, number[]>();
  for (const place of places) {
    const member = members[place];
    const key = member && name(member);
    if (key === undefined) continue;
    const list = found.get(key);
    if (list) list.push(place);
    else found.set(key, [place]);
  }
  return found;
}

/**
 * Joins what has the same name, where it is as often on both sides and no more than `most` times; what comes
 * several times, in its order.
 */
function joinByName(matching: Matching, name: Name, most = Number.POSITIVE_INFINITY): void {
  const open = openIn(matching);
  const inBase = placesByName(matching.base, open.base, name);
  for (const [key, places] of placesByName(matching.side, open.side, name)) {
    const partners = inBase.get(key);
    if (partners?.length !== places.length || places.length > most) continue;
    for (const [at, place] of places.entries()) join(matching, partners[at] ?? -1, place);
  }
}

const byKey: Name = ({ identity }) => identity?.key;
const byDetail: Name = ({ identity }) =>
  identity?.detail === undefined ? undefined : `${identity.key}\n${identity.detail}`;
const byWhole: Name = (member) => member.identity && `${member.identity.key}\n${partText(member)}`;
const byText: Name = (member) => (member.identity ? undefined : partText(member));

/** Names that stand several times, differently often on both sides: nobody can say which is which. */
function isAmbiguous(matching: Matching): boolean {
  const open = openIn(matching);
  const inBase = placesByName(matching.base, open.base, byKey);
  const inSide = placesByName(matching.side, open.side, byKey);
  return [...inSide.keys()].some((key) => inBase.has(key));
}

/** A member without a name that left its order is another one. */
function dropCrossed(matching: Matching): void {
  const places = [...matching.side.keys()].filter((place) => matching.partners[place] !== -1);
  const stable = stablePlaces(places.map((place) => matching.partners[place] ?? -1));
  for (const [at, place] of places.entries()) {
    if (stable.has(at) || matching.side[place]?.identity) continue;
    matching.taken[matching.partners[place] ?? 0] = 0;
    matching.partners[place] = -1;
  }
}

interface Gap {
  readonly base: readonly number[];
  readonly side: readonly number[];
}

/** What has no partner yet, between neighbours that have one. */
function gapsIn(matching: Matching): Gap[] {
  const placed = [...matching.side.keys()].filter((place) => matching.partners[place] !== -1);
  const stable = stablePlaces(placed.map((place) => matching.partners[place] ?? -1));
  const anchors = placed.filter((_, at) => stable.has(at));
  const gaps: Gap[] = [];
  let from = { base: 0, side: 0 };
  for (const side of [...anchors, matching.side.length]) {
    const base = matching.partners[side] ?? matching.base.length;
    gaps.push({
      base: range(from.base, base).filter((place) => !matching.taken[place]),
      side: range(from.side, side).filter((place) => matching.partners[place] === -1),
    });
    from = { base: base + 1, side: side + 1 };
  }
  return gaps.filter((gap) => gap.base.length > 0 && gap.side.length > 0);
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, at) => from + at);
}

/** Nameless members that stand several times find each other in the order in which they stand. */
function joinRepeated(matching: Matching, gap: Gap): void {
  let next = 0;
  for (const base of gap.base) {
    const member = matching.base[base];
    if (!member || member.identity) continue;
    const text = partText(member);
    const at = gap.side.findIndex((place, index) => {
      const other = matching.side[place];
      return index >= next && other && !other.identity && partText(other) === text;
    });
    if (at < 0) continue;
    join(matching, base, gap.side[at] ?? 0);
    next = at + 1;
  }
}

/** How alike two members must be to be one. */
function threshold(left: Member, right: Member): number {
  return left.isComment !== right.isComment || left.node.type !== right.node.type ? 2 : 0.4;
}

function areAlike(left: Member | undefined, right: Member | undefined): boolean {
  if (!left || !right) return false;
  if (left.identity && right.identity) return areRenamed(left, right);
  const least = threshold(left, right);
  return least <= 1 && likeness(countTokens(partText(left)), countTokens(partText(right))) >= least;
}

function joinLonely(matching: Matching, gap: Gap): void {
  const [base, ...moreBase] = gap.base;
  const [side, ...moreSide] = gap.side;
  if (base === undefined || side === undefined || moreBase.length + moreSide.length > 0) return;
  if (areAlike(matching.base[base], matching.side[side])) join(matching, base, side);
}

/** More than this many members without a partner on a side are not compared with each other. */
const mostCompared = 24;

/** Shorter members are alike by chance. In different words and signs. */
const fewestTokens = 8;

/** Members that were renamed: by what is in them, and only where there is one candidate. */
function joinRenamed(matching: Matching): void {
  const open = openIn(matching);
  const bases = open.base.filter((place) => matching.base[place]?.identity);
  const sides = open.side.filter((place) => matching.side[place]?.identity);
  if (bases.length > mostCompared || sides.length > mostCompared) return;
  const pairs = bases.flatMap((base) =>
    sides
      .filter((side) => areRenamed(matching.base[base], matching.side[side]))
      .map((side) => ({ base, side })),
  );
  for (const { base, side } of pairs) {
    const rivals = pairs.filter((pair) => pair.base === base || pair.side === side);
    if (rivals.length === 1) join(matching, base, side);
  }
}

/** With a name of its own a member is sooner another one than one that was renamed. */
function areRenamed(left: Member | undefined, right: Member | undefined): boolean {
  if (!left || !right || left.node.type !== right.node.type) return false;
  const [one, other] = [countTokens(partText(left)), countTokens(partText(right))];
  return (
    one.size >= fewestTokens &&
    likeness(one, other) >= 0.7 &&
    likeness(wordsOnly(one), wordsOnly(other)) >= 0.7
  );
}

/** By name only: who is who in two lists; undefined where names are ambiguous. */
export function matchByName(
  base: readonly Member[],
  side: readonly Member[],
): Matching | undefined {
  const matching: Matching = {
    base,
    side,
    partners: new Int32Array(side.length).fill(-1),
    taken: new Uint8Array(base.length),
  };
  joinByName(matching, byKey, 1);
  for (const name of [byDetail, byWhole, byKey]) joinByName(matching, name);
  if (isAmbiguous(matching)) return undefined;
  joinByName(matching, byText);
  dropCrossed(matching);
  return matching;
}

/**
 * Which member of the base each member of a side is: by name, by text, and for what was renamed by content where
 * that leaves no choice. Undefined where names are ambiguous. Work is bounded: contents are compared for few members.
 */
export function matchMembers(
  base: readonly Member[],
  side: readonly Member[],
): Partners | undefined {
  const matching = matchByName(base, side);
  if (!matching) return undefined;
  for (const gap of gapsIn(matching)) joinRepeated(matching, gap);
  for (const gap of gapsIn(matching)) joinLonely(matching, gap);
  joinRenamed(matching);
  return matching.partners;
}
