/** How often one thing stands in each of the three texts. */
export interface Counts {
  readonly base: number;
  readonly ours: number;
  readonly theirs: number;
}

/** The fewest times that a merge may hold it: what neither side removed stays, what one added is there. */
export function least({ base, ours, theirs }: Counts): number {
  if (ours >= base && theirs >= base) return Math.max(ours, theirs);
  return Math.max(0, ours + theirs - base);
}

/** The most times that a merge may hold it: what one side removed and the other left alone is gone. */
export function most({ base, ours, theirs }: Counts): number {
  if (ours <= base && theirs <= base) return Math.min(ours, theirs);
  return Math.max(0, ours + theirs - base);
}

/** Who added it, for a sentence. */
export function addedBy({ base, ours, theirs }: Counts): string {
  if (ours > base) return theirs > base ? "both sides added" : "ours added";
  return theirs > base ? "theirs added" : "neither side removed";
}

/** Who removed it, for a sentence. */
export function removedBy({ base, ours, theirs }: Counts): string {
  if (ours < base) return theirs < base ? "both sides removed" : "ours removed";
  return theirs < base ? "theirs removed" : "neither side added";
}
