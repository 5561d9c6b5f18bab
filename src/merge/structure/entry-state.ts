import type { Entry } from "./align-members.ts";
import { squeezed } from "./identify.ts";
import { type Member, partText } from "./outline.ts";

/** What became of one member on both sides. */
export type EntryState =
  | "kept"
  | "added-by-both"
  | "added-by-ours"
  | "added-by-theirs"
  | "deleted"
  | "deleted-by-ours-edited"
  | "deleted-by-theirs-edited";

function isEdited(base: Member, side: Member): boolean {
  return squeezed(partText(base) + base.trail) !== squeezed(partText(side) + side.trail);
}

/** A deletion stands where the other side left the member as it was. */
export function stateOf({ base, ours, theirs }: Entry): EntryState {
  if (ours && theirs) return base ? "kept" : "added-by-both";
  if (!base) return ours ? "added-by-ours" : "added-by-theirs";
  if (ours && isEdited(base, ours)) return "deleted-by-theirs-edited";
  return theirs && isEdited(base, theirs) ? "deleted-by-ours-edited" : "deleted";
}

/** Its member on a side that has one: ours before theirs. */
export function anyOf({ base, ours, theirs }: Entry): Member | undefined {
  return ours ?? theirs ?? base;
}

/** True where its order among members like it means nothing. */
export function isFree(entry: Entry): boolean {
  const member = anyOf(entry);
  return member?.isComment === true || member?.identity?.free === true;
}
