import type { Aligned, Entry } from "./entries.ts";

const SIDES = ["ours", "theirs", "base"] as const;
type Side = (typeof SIDES)[number];

/**
 * What stands before a statement that follows another one: as on a side where it follows that one too, by preference
 * on one that changed it, so that groups stay groups; else what it has before it anyway.
 */
export function leadAfter(
  before: string,
  { id, lead }: { readonly id: string; readonly lead: string },
  { entries, lists }: Aligned,
): string {
  // A comment belongs to its statement wherever that goes.
  if (lead.trim() !== "") return lead;
  const entry = entries.get(id);
  const follows = (side: Side) => lists[side][lists[side].indexOf(id) - 1] === before;
  const leads = SIDES.filter(follows).flatMap((side) => leadOn(entry, side) ?? []);
  const known = leadOn(entry, "base");
  return leads.find((one) => one !== known) ?? leads[0] ?? lead;
}

function leadOn(entry: Entry | undefined, side: Side): string | undefined {
  const lead = entry?.[side]?.lead;
  return lead === undefined || lead.trim() !== "" ? undefined : lead;
}
