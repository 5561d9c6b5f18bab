import { align, type Pairs } from "./align.ts";
import type { Lists } from "./arrange.ts";
import { type Import, meanTheSame } from "./import.ts";

/** One run of imports on all sides. */
export interface RunSides {
  readonly base: readonly Import[];
  readonly ours: readonly Import[];
  readonly theirs: readonly Import[];
}

/** One statement on the sides that have it. */
export interface Entry {
  readonly base: Import | undefined;
  readonly ours: Import | undefined;
  readonly theirs: Import | undefined;
}

/** The statements of all sides, those that are one as one, and the order of each side by their ids. */
export interface Aligned {
  readonly entries: ReadonlyMap<string, Entry>;
  readonly lists: Lists;
}

/** Finds out which statements of the three sides are one. */
export function alignSides({ base, ours, theirs }: RunSides): Aligned {
  const idsOfOurs = idsOf(ours, align(base, ours), "ours");
  const idsOfTheirs = idsOf(theirs, align(base, theirs), "theirs");
  const shared = addedByBoth({ base, ours, theirs }, idsOfOurs, idsOfTheirs);
  const lists = {
    base: base.map((_, at) => `base ${at}`),
    ours: idsOfOurs,
    theirs: idsOfTheirs.map((id) => shared.get(id) ?? id),
  };
  const ids = new Set([...lists.base, ...lists.ours, ...lists.theirs]);
  const was = byId(lists.base, base);
  const our = byId(lists.ours, ours);
  const their = byId(lists.theirs, theirs);
  const entries = new Map(
    [...ids].map((id) => [id, { base: was.get(id), ours: our.get(id), theirs: their.get(id) }]),
  );
  return { entries, lists };
}

function byId(ids: readonly string[], imports: readonly Import[]): ReadonlyMap<string, Import> {
  return new Map(imports.map((one, at) => [ids[at] ?? "", one]));
}

/** The base's id for what was there, one of its own for what is new. */
function idsOf(side: readonly Import[], pairs: Pairs, name: string): readonly string[] {
  const fromBase = new Map([...pairs].map(([at, place]) => [place, at]));
  return side.map((_, place) => {
    const at = fromBase.get(place);
    return at === undefined ? `${name} ${place}` : `base ${at}`;
  });
}

/** Their ids of what both added, with ours for it: statements of one form and one source. */
function addedByBoth(
  sides: RunSides,
  idsOfOurs: readonly string[],
  idsOfTheirs: readonly string[],
): ReadonlyMap<string, string> {
  const { ours, theirs } = sides;
  const added = (side: readonly Import[], ids: readonly string[], name: string) =>
    side.flatMap((one, at) => (ids[at]?.startsWith(name) ? [{ one, id: `${name} ${at}` }] : []));
  const free = added(ours, idsOfOurs, "ours");
  const shared = new Map<string, string>();
  const isOne = [sides.base, ours, theirs].some(repeatsSources) ? meanTheSame : comeFromOne;
  for (const { one, id } of added(theirs, idsOfTheirs, "theirs")) {
    const at = free.findIndex((mine) => isOne(mine.one, one));
    const [mine] = at < 0 ? [] : free.splice(at, 1);
    if (mine) shared.set(id, mine.id);
  }
  return shared;
}

function comeFromOne(one: Import, other: Import): boolean {
  return one.from === other.from && one.form === other.form;
}

/** Some write a statement for each name: what they add for one source is no list. */
function repeatsSources(imports: readonly Import[]): boolean {
  const listed = imports.filter(({ names }) => names.length > 0);
  return new Set(listed.map(({ from, form }) => `${form}\n${from}`)).size < listed.length;
}
