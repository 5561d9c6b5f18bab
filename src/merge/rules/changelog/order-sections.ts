import { compareVersions } from "../version/compare-versions.ts";
import type { Section } from "./sections.ts";

/** A heading with those below it. */
interface Block {
  readonly head: Section;
  readonly rest: readonly Section[];
}

/** True where a heading stands for what is not released yet. */
export function isUnreleased(title: string): boolean {
  return /\b(?:unreleased|next|upcoming|master|main|head|development)\b/.test(title);
}

/** The version in a heading; undefined where it has none. */
export function versionIn(title: string): string | undefined {
  return /(?<![\w.])v?(\d{1,9}(?:\.\d{1,9}){1,3}(?:-?(?:alpha|beta|rc|a|b|dev|pre)[\d.]{0,9})?)(?![\w])/.exec(
    title,
  )?.[1];
}

/**
 * New headings of both sides at one place in one order: releases as the file has them (newest first where it does
 * not say), others ours first. Undefined where releases cannot be put in an order.
 */
export function joinNewSections(
  ours: readonly Section[],
  theirs: readonly Section[],
  file: readonly Section[],
): readonly Section[] | undefined {
  const top = Math.min(...[...ours, ...theirs].map(({ depth }) => depth));
  const [looseOurs, looseTheirs] = [ours, theirs].map((side) => side.slice(0, headAt(side, top)));
  if (!looseOurs || !looseTheirs) return undefined;
  const loose =
    looseOurs.length > 0 && looseTheirs.length > 0
      ? joinNewSections(looseOurs, looseTheirs, file)
      : [...looseOurs, ...looseTheirs];
  const blocks = joinBlocks(blocksOf(ours, top), blocksOf(theirs, top), file);
  return loose && blocks && [...loose, ...blocks.flatMap(({ head, rest }) => [head, ...rest])];
}

function headAt(side: readonly Section[], depth: number): number {
  const at = side.findIndex((section) => section.depth === depth);
  return at < 0 ? side.length : at;
}

function blocksOf(side: readonly Section[], depth: number): Block[] {
  const blocks: { head: Section; rest: Section[] }[] = [];
  for (const section of side.slice(headAt(side, depth))) {
    if (section.depth === depth) blocks.push({ head: section, rest: [] });
    else blocks.at(-1)?.rest.push(section);
  }
  return blocks;
}

function joinBlocks(
  ours: readonly Block[],
  theirs: readonly Block[],
  file: readonly Section[],
): readonly Block[] | undefined {
  const alone = theirs.filter(({ head }) => !ours.some((block) => block.head.key === head.key));
  const all = [...ours.map((block) => withRest(block, theirs)), ...alone];
  if (alone.length === 0 || ours.length === 0) return all;
  const titles = all.map(({ head }) => head.title);
  const isOrdered = titles.some((title) => versionIn(title) !== undefined || isUnreleased(title));
  if (!isOrdered && !titles.every(dateIn)) return all;
  const isNewestFirst = orderOf(file) <= 0;
  let isClear = true;
  const sorted = all.toSorted((a, b) => {
    const order = compareTitles(a.head.title, b.head.title);
    if (order === undefined) isClear = false;
    return (order ?? 0) * (isNewestFirst ? -1 : 1);
  });
  return isClear ? sorted : undefined;
}

function withRest(block: Block, others: readonly Block[]): Block {
  const other = others.find(({ head }) => head.key === block.head.key);
  const known = new Set(block.rest.map(({ key }) => key));
  return {
    ...block,
    rest: [...block.rest, ...(other?.rest.filter(({ key }) => !known.has(key)) ?? [])],
  };
}

/** Below 0 where the first heading is of an older release. */
function compareTitles(a: string, b: string): number | undefined {
  const [one, other] = [versionIn(a), versionIn(b)];
  if (one !== undefined && other !== undefined) return compareVersions(one, other, "python");
  if (one === undefined && other === undefined) return compareDates(a, b);
  if (one === undefined) return isUnreleased(a) ? 1 : undefined;
  return isUnreleased(b) ? -1 : undefined;
}

function compareDates(a: string, b: string): number | undefined {
  const [one, other] = [dateIn(a), dateIn(b)];
  if (a === b) return 0;
  if (one === undefined || other === undefined || one === other) return undefined;
  return one < other ? -1 : 1;
}

/** A day as ISO 8601 writes it. */
function dateIn(title: string): string | undefined {
  return /(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)/.exec(title)?.[0];
}

/** Below 0 where the file has newer releases first, 0 where it does not say. */
function orderOf(file: readonly Section[]): number {
  const titles = file
    .map(({ title }) => title)
    .filter((title) => versionIn(title) ?? dateIn(title));
  for (const [at, title] of titles.entries()) {
    const next = titles[at + 1];
    const order = next === undefined ? undefined : compareTitles(title, next);
    if (order) return -order;
  }
  return 0;
}
