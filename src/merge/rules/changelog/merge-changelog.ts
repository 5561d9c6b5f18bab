import type { FileMerge, HunkReport, Sides } from "../../../core/merge.ts";
import { lineEndingOf } from "../../text/line-endings.ts";
import { splitLines } from "../../text/split-lines.ts";
import { conflictWhole } from "../conflict-whole.ts";
import type { MergeText } from "../rule.ts";
import { type Group, pickOne, stretchesOf, type Three } from "../three-way.ts";
import { mergeEntries, type Refused } from "./merge-entries.ts";
import { isUnreleased, joinNewSections, versionIn } from "./order-sections.ts";
import { renderSections } from "./render-sections.ts";
import { saidTwice } from "./said-twice.ts";
import { type MergedSection, type Section, sectionsOf } from "./sections.ts";

/**
 * A changelog by its headings and entries: what both sides added is kept, ours first, releases in the file's own
 * order. An entry that both edited, and one added below what the other side released meanwhile, is a conflict.
 */
export function mergeChangelog(sides: Sides, mergeText: MergeText): FileMerge {
  if (sides.ours === sides.theirs || sides.theirs === sides.base) return mergeText(sides);
  if (sides.ours === sides.base) return mergeText(sides);
  const base = sectionsOf(sides.base);
  const ours = sectionsOf(sides.ours);
  const theirs = sectionsOf(sides.theirs);
  const endings = [sides.base, sides.ours, sides.theirs].map(lineEndingOf);
  const isOneEnding = new Set(endings.filter((ending) => ending !== "none")).size <= 1;
  if (!base || !ours || !theirs || !isOneEnding || endings.includes("mixed"))
    return mergeText(sides);
  const merged = mergeSections({ base, ours, theirs });
  if ("refused" in merged) return refusal(sides, merged.refused, mergeText);
  const text = renderSections(merged, [ours, theirs], endings.includes("crlf") ? "\r\n" : "\n");
  const wrong = disproof(sides, text);
  return wrong === undefined
    ? { kind: "merged", text, hunks: [report(sides.ours, text)] }
    : refusal(sides, wrong, mergeText);
}

function mergeSections(sides: Three<Section>): readonly MergedSection[] | Refused {
  const order: Section[] = [];
  for (const stretch of stretchesOf(sides, ({ key }) => key)) {
    const sections = "kept" in stretch ? stretch.kept : settle(stretch, sides.ours);
    if ("refused" in sections) return sections;
    order.push(...sections);
  }
  const keys = new Set(order.map(({ key }) => key));
  if (keys.size < order.length) return { refused: "a heading would stand twice" };
  const lost = sides.base.find(({ key }) => !keys.has(key) && wasEdited(key, sides));
  if (lost) return { refused: "one side took away a heading below which the other one edited" };
  const merged: MergedSection[] = [];
  for (const { key } of order) {
    const section = mergeSection(key, sides);
    if ("refused" in section) return section;
    merged.push(section);
  }
  const twice = saidTwice(sides, merged);
  return twice === undefined ? merged : { refused: twice };
}

function settle(group: Group<Section>, file: readonly Section[]): readonly Section[] | Refused {
  const { base, ours, theirs, ourEdits, theirEdits } = group;
  const keysOf = (sections: readonly Section[]) => sections.map(({ key }) => key).join("\n");
  if (ourEdits.length === 0) return theirs;
  if (theirEdits.length === 0 || keysOf(ours) === keysOf(theirs)) return ours;
  if (base.length > 0) return { refused: "both sides changed the same headings" };
  return (
    joinNewSections(ours, theirs, file) ?? {
      refused: "both sides added releases whose order is not known",
    }
  );
}

function wasEdited(key: string, { base, ours, theirs }: Three<Section>): boolean {
  const before = textOf(base.find((section) => section.key === key));
  return [ours, theirs].some((side) => {
    const section = side.find((one) => one.key === key);
    return section !== undefined && textOf(section) !== before;
  });
}

function textOf(section: Section | undefined): string {
  return section?.entries.map(({ text }) => text.trimEnd()).join("\n\n") ?? "";
}

function mergeSection(key: string, sides: Three<Section>): MergedSection | Refused {
  const [base, ours, theirs] = [sides.base, sides.ours, sides.theirs].map((side) =>
    side.find((section) => section.key === key),
  );
  const from = [ours, theirs].filter((section) => section !== undefined);
  const [first, second] = from;
  if (!first) return { refused: "a heading is gone on both sides" };
  if (!second) return { ...first, from };
  const before = base ?? { heading: first.heading, entries: [] };
  const heading = pickOne(before.heading, first.heading, second.heading)?.value ?? first.heading;
  const given = { base: before.entries, ours: first.entries, theirs: second.entries };
  if (isReleasedBy(first, base) !== isReleasedBy(second, base) && bothEdited(base, first, second))
    return { refused: "one side released what the other one still added to" };
  const entries = mergeEntries(given);
  return "refused" in entries ? entries : { ...first, heading, entries, from };
}

function bothEdited(base: Section | undefined, ours: Section, theirs: Section): boolean {
  return textOf(ours) !== textOf(base) && textOf(theirs) !== textOf(base);
}

/** True where the base says that the release is still to come, and this side that it is out. */
function isReleasedBy(section: Section, base: Section | undefined): boolean {
  if (!base || versionIn(base.title) === undefined) return false;
  const openness = [base, section].map(({ heading, entries }) =>
    isUnreleased(`${heading} ${entries[0]?.text.slice(0, 80) ?? ""}`.toLowerCase()),
  );
  return openness[0] === true && openness[1] === false;
}

/** What is wrong with a result that should hold every new line, and none that a side took away. */
function disproof({ base, ours, theirs }: Sides, merged: string): string | undefined {
  const [b, o, t, m] = [base, ours, theirs, merged].map(
    (text) => new Set(splitLines(text).map((line) => line.trim())),
  );
  if (!b || !o || !t || !m) return undefined;
  for (const line of [...o, ...t]) {
    if (!b.has(line) && !m.has(line)) return "a new line would be lost";
  }
  for (const line of b) {
    if (m.has(line) && (!o.has(line) || !t.has(line))) return "a removed line would be back";
  }
  return undefined;
}

/** A conflict whatever the texts alone would give, at the places where they leave one. */
function refusal(sides: Sides, why: string, mergeText: MergeText): FileMerge {
  const asText = mergeText(sides);
  if (asText.kind === "merged") return conflictWhole(sides, why);
  return { ...asText, conflicts: asText.conflicts.map((conflict) => ({ ...conflict, why })) };
}

function report(ours: string, merged: string): HunkReport {
  const before = splitLines(ours);
  const first = splitLines(merged).findIndex((line, at) => line !== before[at]);
  const why = "both sides added entries, which are kept under their headings";
  return { stage: "rule", line: Math.max(0, first) + 1, why, confidence: "proven" };
}
