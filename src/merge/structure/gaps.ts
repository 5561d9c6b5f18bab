import type { Alignment, Entry } from "./align-members.ts";
import { anyOf, isFree, stateOf } from "./entry-state.ts";
import { partText } from "./outline.ts";

/** Members between two that both sides have. */
export interface Gap {
  /** In the merged order. */
  readonly merged: readonly number[];
  readonly base: readonly number[];
  readonly ours: readonly number[];
  readonly theirs: readonly number[];
}

/** The merged order: members that both sides have, and the gaps between them. */
export type Stretch =
  | { readonly kind: "member"; readonly id: number }
  | ({ readonly kind: "gap" } & Gap);

function isShared(entry: Entry | undefined): boolean {
  return entry?.ours !== undefined && entry.theirs !== undefined;
}

/** By the shared member before it (-1: the start): what one order has until the next shared member. */
function runsAfter({ entries }: Alignment, order: readonly number[]): Map<number, number[]> {
  const runs = new Map<number, number[]>();
  let anchor = -1;
  for (const id of order) {
    if (isShared(entries[id])) {
      anchor = id;
      continue;
    }
    const run = runs.get(anchor);
    if (run) run.push(id);
    else runs.set(anchor, [id]);
  }
  return runs;
}

/** Cuts the merged order at the members that both sides have. */
export function stretchesOf(alignment: Alignment, order: readonly number[]): readonly Stretch[] {
  const { orders } = alignment;
  const runs = [order, orders.base, orders.ours, orders.theirs].map((side) =>
    runsAfter(alignment, side),
  );
  const gapAfter = (id: number): Stretch[] => {
    const [merged = [], base = [], ours = [], theirs = []] = runs.map((run) => run.get(id) ?? []);
    const isEmpty = merged.length + base.length + ours.length + theirs.length === 0;
    return isEmpty ? [] : [{ kind: "gap", merged, base, ours, theirs }];
  };
  const shared = order.filter((id) => isShared(alignment.entries[id]));
  return [
    ...gapAfter(-1),
    ...shared.flatMap((id): Stretch[] => [{ kind: "member", id }, ...gapAfter(id)]),
  ];
}

interface Contents {
  readonly ours: readonly Entry[];
  readonly theirs: readonly Entry[];
  /** Members of the base that are not in the result. */
  readonly gone: readonly Entry[];
  readonly hasEdited: boolean;
}

function contentsOf({ entries }: Alignment, gap: Gap): Contents {
  const inState = (ids: readonly number[], state: string) =>
    ids.flatMap((id) => {
      const entry = entries[id];
      return entry && stateOf(entry).endsWith(state) ? [entry] : [];
    });
  return {
    ours: inState(gap.ours, "added-by-ours"),
    theirs: inState(gap.theirs, "added-by-theirs"),
    gone: inState(gap.base, "deleted"),
    hasEdited: inState(gap.merged, "-edited").length > 0,
  };
}

/** Why the members of a gap cannot simply stand one after the other; undefined where they can. */
export function contentionIn(alignment: Alignment, gap: Gap, isSet: boolean): string | undefined {
  const { ours, theirs, gone, hasEdited } = contentsOf(alignment, gap);
  const added = [...ours, ...theirs];
  if (added.length === 0) return undefined;
  if (hasEdited) return "one side replaced what the other edited";
  const isFreely = isSet || added.every(isFree);
  // One side's addition may be what it put in the place of what the other side only deleted.
  const replaced = gone.some((entry) => !entry.ours && !entry.theirs);
  if (replaced) return "both sides replaced the same members";
  if (ours.length > 0 && theirs.length > 0) {
    return isFreely ? undefined : "both sides added at one place where order matters";
  }
  const other = ours.length > 0 ? "theirs" : "ours";
  const deletedByOther = gone.some((entry) => !entry[other]);
  return !isFreely && deletedByOther ? "one side added where the other deleted" : undefined;
}

function isChangedBy(entry: Entry | undefined, side: "ours" | "theirs"): boolean {
  const [base, own] = [entry?.base, entry?.[side]];
  return base !== undefined && own !== undefined && partText(base) !== partText(own);
}

/** Named members stand for themselves; statements work on what the ones before them left. */
function mayDepend(added: Entry, near: Entry): boolean {
  if (isFree(added) || isFree(near)) return false;
  return anyOf(added)?.identity === undefined || anyOf(near)?.identity === undefined;
}

/**
 * True where one side added something whose order matters right beside what the other side changed: it may have
 * been written for what stood there.
 */
export function touches(alignment: Alignment, stretches: readonly Stretch[]): boolean {
  const { entries } = alignment;
  return stretches.some((gap, at) => {
    if (gap.kind !== "gap") return false;
    const { ours, theirs } = contentsOf(alignment, gap);
    const beside = [stretches[at - 1], stretches[at + 1]].flatMap((near) =>
      near?.kind === "member" ? [entries[near.id]] : [],
    );
    const meets = (added: readonly Entry[], other: "ours" | "theirs") =>
      beside.some(
        (near) =>
          near !== undefined &&
          isChangedBy(near, other) &&
          added.some((entry) => mayDepend(entry, near)),
      );
    return meets(ours, "theirs") || meets(theirs, "ours");
  });
}
