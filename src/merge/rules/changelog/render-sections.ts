import type { Entry, MergedSection, Section } from "./sections.ts";

/** The text of merged sections, with the empty lines as the sides have them. */
export function renderSections(
  sections: readonly MergedSection[],
  sides: readonly (readonly Section[])[],
  lineEnd: string,
): string {
  const lasts = new Set(sides.map((side) => side.at(-1)?.key));
  const parts = sections.map((section, at) => {
    const text = section.heading + renderEntries(section, lineEnd);
    const isLast = at === sections.length - 1;
    if (isLast || text === "" || !lasts.has(section.key)) return text;
    return withEmptyLine(text, lineEnd);
  });
  return trimEnd(parts.join(""), sides, lineEnd);
}

function renderEntries({ entries, from }: MergedSection, lineEnd: string): string {
  const final = from.find((section) => section.entries.length > 0)?.entries.at(-1)?.gap ?? "";
  const lasts = new Set<Entry | undefined>(from.map((section) => section.entries.at(-1)));
  return entries
    .map((entry, at) => {
      if (at === entries.length - 1) return closed(entry.text, lineEnd) + final;
      return (
        closed(entry.text, lineEnd) +
        (lasts.has(entry) ? gapAfter(entry, from, lineEnd) : entry.gap)
      );
    })
    .join("");
}

/** The empty lines after an entry of this kind that is not the last, as most of them have it. */
function gapAfter({ text }: Entry, from: readonly Section[], lineEnd: string): string {
  const isItem = isListItem(text);
  const alike = from.flatMap(({ entries }) =>
    entries.slice(0, -1).filter((entry) => isListItem(entry.text) === isItem),
  );
  const counts = new Map<string, number>();
  for (const { gap } of alike) counts.set(gap, (counts.get(gap) ?? 0) + 1);
  const [most] = [...counts].sort(([, a], [, b]) => b - a);
  if (most) return most[0];
  return isItem ? "" : lineEnd;
}

function isListItem(text: string): boolean {
  return /^\s*(?:[-*+]|\d+[.)])\s/.test(text);
}

function closed(text: string, lineEnd: string): string {
  return text.endsWith("\n") ? text : text + lineEnd;
}

function withEmptyLine(text: string, lineEnd: string): string {
  const whole = closed(text, lineEnd);
  return /\n\r?\n$/.test(whole) ? whole : whole + lineEnd;
}

/** A file ends as ours does. */
function trimEnd(text: string, sides: readonly (readonly Section[])[], lineEnd: string): string {
  const last = sides[0]?.at(-1);
  const end = last
    ? (last.entries.at(-1) ?? { text: last.heading, gap: "" })
    : { text: "", gap: "" };
  const isClosed = `${end.text}${end.gap}`.endsWith("\n");
  const kept = text.replace(/\s+$/, "");
  return isClosed ? kept + lineEnd + (end.gap === "" ? "" : end.gap) : kept;
}
