import type { Alignment } from "./align-members.ts";
import { isFree, stateOf } from "./entry-state.ts";
import { stablePlaces } from "./stable-order.ts";

/** Members that a side put elsewhere, as seen from the base. */
function movedIn(alignment: Alignment, side: "ours" | "theirs"): ReadonlySet<number> {
  const known = alignment.orders[side].filter((id) => id < alignment.orders.base.length);
  const stable = stablePlaces(known);
  return new Set(known.filter((_, place) => !stable.has(place)));
}

function onBoth({ entries, orders }: Alignment, side: "ours" | "theirs"): number[] {
  return orders[side].filter((id) => entries[id]?.ours && entries[id].theirs);
}

/** True where both sides have in the same order what none of them moved. */
function agree(alignment: Alignment, moved: (id: number) => boolean): boolean {
  const ours = onBoth(alignment, "ours").filter((id) => !moved(id));
  const theirs = onBoth(alignment, "theirs").filter((id) => !moved(id));
  return ours.every((id, place) => theirs[place] === id);
}

/** True where the side has exactly the base's members. */
function isUntouched({ orders }: Alignment, side: "ours" | "theirs"): boolean {
  return (
    orders[side].length === orders.base.length &&
    orders.base.every((id, place) => orders[side][place] === id)
  );
}

/**
 * A move is taken where order means nothing, or where the other side left the order alone. What the other side
 * added means nothing by its place only if it is free, too: a spread that it put before a key must stay there.
 */
function mayMove(
  alignment: Alignment,
  moved: ReadonlySet<number>,
  other: "ours" | "theirs",
): boolean {
  if (moved.size === 0 || isUntouched(alignment, other)) return true;
  const added = alignment.orders[other].filter((id) => id >= alignment.orders.base.length);
  return [...moved, ...added].every((id) => {
    const entry = alignment.entries[id];
    return entry !== undefined && isFree(entry);
  });
}

interface Weaving {
  readonly result: number[];
  readonly isOnlyIn: (id: number) => boolean;
}

/** Puts a run of new members after what stands before them on their side, and after what the other side added there. */
function place(weaving: Weaving, anchor: number, run: readonly number[]): void {
  let at = anchor < 0 ? 0 : weaving.result.indexOf(anchor) + 1;
  for (let next = weaving.result[at]; next !== undefined; next = weaving.result[at]) {
    if (!weaving.isOnlyIn(next)) break;
    at += 1;
  }
  weaving.result.splice(at, 0, ...run);
}

/** The runs of members that one order has and the other has not, each with what stands before it. */
function runsOf(order: readonly number[], isThere: (id: number) => boolean) {
  const runs: { anchor: number; run: number[] }[] = [];
  let anchor = -1;
  let open: number[] | undefined;
  for (const id of order) {
    if (isThere(id)) {
      anchor = id;
      open = undefined;
    } else {
      open ??= runs[runs.push({ anchor, run: [] }) - 1]?.run;
      open?.push(id);
    }
  }
  return runs;
}

/**
 * One order of all members that survive: the order of the side that moved some, with what only the other side has
 * put where it stands there, ours before theirs. Undefined where the sides' orders contradict each other.
 */
export function mergeOrder(alignment: Alignment): readonly number[] | undefined {
  const { entries, orders } = alignment;
  const moved = { ours: movedIn(alignment, "ours"), theirs: movedIn(alignment, "theirs") };
  const isMoved = (id: number) => moved.ours.has(id) || moved.theirs.has(id);
  const bothMoved = moved.ours.size > 0 && moved.theirs.size > 0;
  if (!agree(alignment, bothMoved ? () => false : isMoved)) return undefined;
  if (!mayMove(alignment, moved.ours, "theirs") || !mayMove(alignment, moved.theirs, "ours")) {
    return undefined;
  }
  const survives = (id: number) => entries[id] !== undefined && stateOf(entries[id]) !== "deleted";
  const main = moved.theirs.size > 0 && moved.ours.size === 0 ? "theirs" : "ours";
  const other = main === "ours" ? "theirs" : "ours";
  const result = orders[main].filter(survives);
  const inMain = new Set(result);
  const isNew = (id: number) => survives(id) && !inMain.has(id);
  // What the main side moved away says nothing about where the other side's new members belong.
  const order = orders[other].filter((id) => isNew(id) || (inMain.has(id) && !moved[main].has(id)));
  const isOnlyIn = (id: number) => main === "ours" && entries[id]?.theirs === undefined;
  for (const { anchor, run } of runsOf(order, (id) => inMain.has(id))) {
    place({ result, isOnlyIn }, anchor, run);
  }
  return result;
}
