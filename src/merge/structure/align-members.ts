import { matchByName, matchMembers } from "./match.ts";
import type { Member, Outline } from "./outline.ts";
import type { Triple } from "./triple.ts";

/** One member on every side that has it. */
export type Entry = Triple<Member | undefined>;

/** All members of a container on three sides, and in which order each side has them. */
export interface Alignment {
  readonly entries: readonly Entry[];
  /** Places in `entries`. */
  readonly orders: Triple<readonly number[]>;
}

interface Growing {
  readonly entries: { base?: Member; ours?: Member; theirs?: Member }[];
  readonly ours: number[];
  readonly theirs: number[];
}

function addSide(growing: Growing, side: "ours" | "theirs", at: readonly [Member, number][]): void {
  for (const [member, partner] of at) {
    const id = partner >= 0 ? partner : growing.entries.push({}) - 1;
    const entry = growing.entries[id];
    if (entry) entry[side] = member;
    growing[side].push(id);
  }
}

/** Who is who on three sides; undefined where that is ambiguous. */
export function alignMembers({ base, ours, theirs }: Triple<Outline>): Alignment | undefined {
  const ourPartners = matchMembers(base.members, ours.members);
  const theirPartners = matchMembers(base.members, theirs.members);
  if (!ourPartners || !theirPartners) return undefined;
  const growing: Growing = {
    entries: base.members.map((member) => ({ base: member })),
    ours: [],
    theirs: [],
  };
  addSide(
    growing,
    "ours",
    ours.members.map((member, place) => [member, ourPartners[place] ?? -1]),
  );
  const added = growing.ours.filter((id) => id >= base.members.length);
  const news = theirs.members.filter((_, place) => theirPartners[place] === -1);
  const known = matchByName(
    added.flatMap((id) => growing.entries[id]?.ours ?? []),
    news,
  );
  if (!known) return undefined;
  let next = 0;
  const partnerOf = (place: number): number => {
    const partner = theirPartners[place] ?? -1;
    return partner >= 0 ? partner : (added[known.partners[next++] ?? -1] ?? -1);
  };
  addSide(
    growing,
    "theirs",
    theirs.members.map((member, place) => [member, partnerOf(place)]),
  );
  const entries = growing.entries.map(({ base: b, ours: o, theirs: t }) => ({
    base: b,
    ours: o,
    theirs: t,
  }));
  const orders = { base: [...base.members.keys()], ours: growing.ours, theirs: growing.theirs };
  return { entries, orders };
}
