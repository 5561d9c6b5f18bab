import type { Three } from "../three-way.ts";
import { isUnreleased, versionIn } from "./order-sections.ts";
import type { Section } from "./sections.ts";

/** What a merged changelog would say twice that neither side does; undefined where there is nothing. */
export function saidTwice(sides: Three<Section>, merged: readonly Section[]): string | undefined {
  const releases = releasesIn(merged);
  const known = [sides.ours, sides.theirs].map(releasesIn);
  for (const [release, count] of releases) {
    if (known.every((side) => count > (side.get(release) ?? 0)))
      return "both sides added the same release under different headings";
  }
  const counts = countsOf(merged);
  const before = [sides.base, sides.ours, sides.theirs].map(countsOf);
  for (const [text, count] of counts) {
    const isMore = before.every((side) => count > (side.get(text) ?? 0));
    if (isMore && isOneThing(text, sides.base, merged))
      return "the same entry would stand under two headings";
  }
  return undefined;
}

/** How often each version has a heading, by the headings above it. */
function releasesIn(sections: readonly Section[]): ReadonlyMap<string, number> {
  return counted(
    sections.flatMap((section) => {
      const version = versionIn(section.title);
      return version === undefined ? [] : `${parentOf(section)} ${version}`;
    }),
  );
}

function countsOf(sections: readonly Section[]): ReadonlyMap<string, number> {
  return counted(sections.flatMap(({ entries }) => entries.map(({ text }) => text.trimEnd())));
}

function counted(items: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
}

/** Releases may well say the same of themselves; one release says it once, and what was released is not released again. */
function isOneThing(text: string, base: readonly Section[], merged: readonly Section[]): boolean {
  const old = base.filter((section) => says(section, text)).map(({ key }) => key);
  const now = merged.filter((section) => says(section, text));
  if (old.length > 0) return old.some((key) => !now.some((section) => section.key === key));
  const isOpen = now.some(({ key }) => isUnreleased(key));
  return isOpen || new Set(now.map(parentOf)).size < now.length;
}

function says({ entries }: Section, text: string): boolean {
  return entries.some((entry) => entry.text.trimEnd() === text);
}

function parentOf({ key }: Section): string {
  return key.slice(0, Math.max(0, key.lastIndexOf('","')));
}
