import { arrange } from "./arrange.ts";
import { boundBy, haveSameNames, type Import, type ImportedName, meanTheSame } from "./import.ts";
import type { ListStyle } from "./import-language.ts";
import { withNames, withSource } from "./write-list.ts";

/** One statement on all sides; no base where both added it. */
export interface ImportSides {
  readonly base: Import | undefined;
  readonly ours: Import;
  readonly theirs: Import;
}

/** How the merged statement is written. */
export interface Writing {
  readonly style: ListStyle;
  /** No line may become longer. */
  readonly width: number;
}

/** A statement as it will stand. */
export interface MergedImport {
  readonly text: string;
  readonly from: string;
  /** Everything that the file calls by a name because of it. */
  readonly binds: readonly string[];
}

/** A statement as it stands. */
export function unchangedImport(one: Import): MergedImport {
  return { text: one.text, from: one.from, binds: boundBy(one) };
}

/**
 * One statement from both sides: form and source as the one side that changed them has them, and of the names what
 * neither removed and either added. Undefined where both changed form or source, or where it cannot be written.
 */
export function mergeImport(sides: ImportSides, writing: Writing): MergedImport | undefined {
  const { base, ours, theirs } = sides;
  const form = picked(base?.form, ours.form, theirs.form);
  const from = picked(base?.from, ours.from, theirs.from);
  if (form === undefined || from === undefined) return undefined;
  const target = { form, from, names: mergeNames(sides, writing.style) };
  const whole = [ours, theirs].filter((side) => meanTheSame({ ...side, ...target }, side));
  const [one, other] = whole;
  // Where both say the same, it is laid out as the one who did not leave it as it was has it.
  if (one && other) return unchangedImport(one.text === base?.text ? other : one);
  return one ? unchangedImport(one) : writtenAnew(sides, target, writing);
}

interface Target {
  readonly form: string;
  readonly from: string;
  readonly names: readonly ImportedName[];
}

function writtenAnew(
  { base, ours, theirs }: ImportSides,
  { form, from, names }: Target,
  { style, width }: Writing,
): MergedImport | undefined {
  const formed = [theirs, ours].filter((side) => side.form === form);
  const like =
    formed.find((side) => side.from === from && side.from !== base?.from) ??
    formed.find((side) => side.form !== base?.form) ??
    formed.find((side) => isWide(side) && base && !isWide(base)) ??
    formed.find((side) => side.names.length > (base?.names.length ?? 0)) ??
    formed[0];
  const sourced = [ours, theirs].find((side) => side.from === from);
  if (!like || !sourced) return undefined;
  const binds = [...like.binds, ...names.flatMap((name) => name.binds)];
  if (like.from !== from) {
    return haveSameNames(like.names, names)
      ? { text: withSource(like, sourced), from, binds }
      : undefined;
  }
  const text = withNames(names, { like, style, width });
  return text === undefined ? undefined : { text, from, binds };
}

/** True where the list is broken over several lines. */
function isWide({ text, at }: Import): boolean {
  return at.list !== undefined && text.slice(at.list.start, at.list.end).includes("\n");
}

function picked(base: string | undefined, ours: string, theirs: string): string | undefined {
  if (ours === theirs || theirs === base) return ours;
  return ours === base ? theirs : undefined;
}

function mergeNames({ base, ours, theirs }: ImportSides, style: ListStyle) {
  const known = new Map([...theirs.names, ...ours.names].map((name) => [name.text, name]));
  const texts = (side: Import | undefined) => side?.names.map(({ text }) => text) ?? [];
  const lists = { base: texts(base), ours: texts(ours), theirs: texts(theirs) };
  const inBase = new Set(lists.base);
  const isKept = (text: string) =>
    !inBase.has(text) || (lists.ours.includes(text) && lists.theirs.includes(text));
  const kept = new Set([...known.keys()].filter(isKept));
  return arrange(lists, kept, style.orders).flatMap((text) => known.get(text) ?? []);
}
