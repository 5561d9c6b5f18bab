import type { Entry } from "./align-members.ts";
import type { Member, Outline } from "./outline.ts";
import { pick, type Triple } from "./triple.ts";

type Side = "base" | "ours" | "theirs";

interface Standing {
  readonly outlines: Triple<Outline>;
  /** What was put before the member that stands before this one; undefined: this one is the first. */
  readonly before: string | undefined;
}

function isFirst(outlines: Triple<Outline>, side: Side, member: Member): boolean {
  return outlines[side].members[0] === member;
}

/** What stands before a member that is the first where it comes from and is not the first any more. */
function leadOfFormerFirst(outlines: Triple<Outline>, side: Side, own: string): string {
  const next = outlines[side].members[1]?.lead ?? outlines.base.members[1]?.lead;
  if (next !== undefined) return next;
  return own === "" ? "\n" : own;
}

/** The lead of the merged list's first member: as the first members of the sides have it. */
function firstLead({ outlines }: Standing): string {
  const lead = (side: Side) => outlines[side].members[0]?.lead;
  const leads = { base: lead("base"), ours: lead("ours"), theirs: lead("theirs") };
  return pick(leads)?.value ?? leads.ours ?? leads.theirs ?? "";
}

function isOneLine(outline: Outline): boolean {
  return outline.members.every(({ lead }) => !lead.includes("\n"));
}

/** A member that comes from a list on one line into one on several is laid out like its neighbours. */
function laidOut(lead: string, side: Side, { outlines, before }: Standing): string {
  const other = side === "ours" ? outlines.theirs : outlines.ours;
  if (outlines.ours.rule.separator === undefined) return lead;
  if (before === undefined || lead.includes("\n") === before.includes("\n")) return lead;
  const wasOneLine = isOneLine(outlines[side]);
  if (wasOneLine === isOneLine(other) || other.members.length === 0) return lead;
  return wasOneLine === before.includes("\n") ? before : lead;
}

/** Both sides have it: where it is first on a side, that side says nothing about what stands before it. */
function sharedLead(entry: Entry, { outlines }: Standing): string {
  const lead = (side: Side) => {
    const member = entry[side];
    return member && !isFirst(outlines, side, member) ? member.lead : undefined;
  };
  const ours = lead("ours");
  const theirs = lead("theirs");
  if (ours === undefined || theirs === undefined) {
    return ours ?? theirs ?? leadOfFormerFirst(outlines, "ours", entry.ours?.lead ?? "");
  }
  return pick({ base: lead("base") ?? ours, ours, theirs })?.value ?? ours;
}

/** The white space before a member in the merged list: as the side that has an opinion on it wants it. */
export function leadOf(entry: Entry, standing: Standing): string {
  const { outlines, before } = standing;
  if (before === undefined) return firstLead(standing);
  if (entry.ours && entry.theirs) return sharedLead(entry, standing);
  const side = entry.ours ? "ours" : "theirs";
  const member = entry[side] ?? entry.base;
  if (!member) return "";
  const own = isFirst(outlines, side, member)
    ? leadOfFormerFirst(outlines, side, member.lead)
    : member.lead;
  return laidOut(own, side, standing);
}
