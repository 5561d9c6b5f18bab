import { splitLines } from "../../text/split-lines.ts";

/** One entry: its lines without the empty ones after it, and how those look. */
export interface Entry {
  readonly text: string;
  readonly gap: string;
}

/** A heading with the entries below it, up to the next heading of any depth. */
export interface Section {
  /** The same for the same heading at the same place of the outline; empty for what stands before all headings. */
  readonly key: string;
  /** 0 for what stands before all headings; 1 for the topmost. */
  readonly depth: number;
  /** Words of the heading without its signs. */
  readonly title: string;
  /** The heading's own lines, the empty ones after it included. */
  readonly heading: string;
  readonly entries: readonly Entry[];
}

/** A section, and the sections of the sides that it is made of, ours first. */
export interface MergedSection extends Section {
  readonly from: readonly Section[];
}

const UNDERLINE = /^([-=~^"'`#*+.:_])\1{2,}\s*$/;
const ITEM = /^ {0,3}(?:[-*+]|\d{1,9}[.)])(?=\s)/;

/**
 * The sections of a changelog in Markdown or reStructuredText. Joined again they are the text. Undefined where
 * one heading stands twice at the same place: entries could go below the wrong one.
 */
export function sectionsOf(text: string): readonly Section[] | undefined {
  const lines = splitLines(text);
  const starts = headingsOf(lines);
  const sections: Section[] = [];
  const outline: { depth: number; title: string }[] = [];
  const bounds = [{ at: 0, size: 0, depth: 0, title: "" }, ...starts];
  for (const [index, { at, size, depth, title }] of bounds.entries()) {
    while (outline.length > 0 && (outline.at(-1)?.depth ?? 0) >= depth) outline.pop();
    outline.push({ depth, title });
    let body = at + size;
    while (isEmpty(lines[body])) body += 1;
    const end = bounds[index + 1]?.at ?? lines.length;
    body = Math.min(body, end);
    sections.push({
      key: depth === 0 ? "" : JSON.stringify(outline.map((one) => one.title)),
      depth,
      title,
      heading: lines.slice(at, body).join(""),
      entries: entriesOf(lines.slice(body, end)),
    });
  }
  const keys = new Set(sections.map(({ key }) => key));
  return keys.size === sections.length ? sections : undefined;
}

interface Heading {
  readonly at: number;
  readonly size: number;
  readonly depth: number;
  readonly title: string;
}

function headingsOf(lines: readonly string[]): Heading[] {
  const found: Heading[] = [];
  const underlines: string[] = [];
  let isCode = false;
  for (const [at, line] of lines.entries()) {
    if (/^ {0,3}(?:```|~~~)(?!.*```.)/.test(line)) isCode = !isCode;
    const heading = isCode
      ? undefined
      : (markedAt(lines, at) ?? underlinedAt(lines, at, underlines));
    if (heading) found.push(heading);
  }
  return found;
}

function markedAt(lines: readonly string[], at: number): Heading | undefined {
  const [, signs, words = ""] = /^(#{1,6})[ \t]+(.*)$/.exec((lines[at] ?? "").trimEnd()) ?? [];
  return signs === undefined
    ? undefined
    : { at, size: 1, depth: signs.length, title: wordsOf(words) };
}

function underlinedAt(lines: readonly string[], at: number, known: string[]): Heading | undefined {
  const line = lines[at] ?? "";
  const sign = UNDERLINE.exec(lines[at + 1] ?? "")?.[1];
  if (sign === undefined || !/^\S/.test(line) || UNDERLINE.test(line) || ITEM.test(line))
    return undefined;
  if (at > 0 && !isEmpty(lines[at - 1])) return undefined;
  // The signs are as deep as they come for the first time.
  if (!known.includes(sign)) known.push(sign);
  return { at, size: 2, depth: known.indexOf(sign) + 1, title: wordsOf(line) };
}

function wordsOf(heading: string): string {
  return heading
    .replace(/#+\s*$/, "")
    .trim()
    .toLowerCase();
}

/** An entry starts at a mark that stands no deeper than the first one, or after an empty line at the margin. */
function entriesOf(lines: readonly string[]): Entry[] {
  const groups: string[][] = [];
  const first = lines.find((line) => ITEM.test(line)) ?? "";
  let isCode = false;
  for (const [at, line] of lines.entries()) {
    const isItem = ITEM.test(line) && indentOf(line) <= indentOf(first);
    const group = groups.at(-1);
    if (group && (isCode || !(isItem || (isEmpty(lines[at - 1]) && /^\S/.test(line)))))
      group.push(line);
    else groups.push([line]);
    if (/^\s*(?:```|~~~)/.test(line)) isCode = !isCode;
  }
  return groups.map(entryOf);
}

function indentOf(line: string): number {
  return /^ */.exec(line)?.[0].length ?? 0;
}

function entryOf(lines: readonly string[]): Entry {
  let end = lines.length;
  while (end > 0 && isEmpty(lines[end - 1])) end -= 1;
  return { text: lines.slice(0, end).join(""), gap: lines.slice(end).join("") };
}

function isEmpty(line: string | undefined): boolean {
  return line?.trim() === "";
}
