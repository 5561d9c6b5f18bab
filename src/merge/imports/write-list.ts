import type { Import, ImportedName } from "./import.ts";
import type { ListStyle } from "./import-language.ts";

/** What is written anew and where: the statement whose layout it follows, and how wide a line may be. */
export interface Layout {
  readonly like: Import;
  readonly style: ListStyle;
  readonly width: number;
}

/** The statement with these names instead of its own; undefined where it has no place for them. */
export function withNames(
  names: readonly ImportedName[],
  { like, style, width }: Layout,
): string | undefined {
  const { list } = like.at;
  if (!list || names.length === 0) return undefined;
  const before = like.text.slice(0, list.start);
  const after = like.text.slice(list.end);
  const old = like.text.slice(list.start, list.end);
  const written = style.write(names, like.text);
  // A formatter that fills lines breaks none that is short enough.
  if (style.fills || !old.includes("\n")) {
    const line = before + onOneLine(written, names, { old, style }) + after;
    if (line.length <= width) return line;
  }
  return before + overLines(written, { old, style, width }) + after;
}

interface Old {
  readonly old: string;
  readonly style: ListStyle;
}

function onOneLine(
  written: readonly string[],
  names: readonly ImportedName[],
  { old, style }: Old,
): string {
  const [open, close] = style.brackets(names, old);
  const inside = /^[{(]([ \t]*)[^\n]*?([ \t]*)[)}]$/.exec(old);
  if (!inside || open === "") return open + written.join(", ") + close;
  const [, left = "", right = ""] = inside;
  return old[0] + left + written.join(", ") + right + old.at(-1);
}

function overLines(written: readonly string[], { old, style, width }: Old & { width: number }) {
  const [open, close] = style.wide;
  const wide = old.includes("\n");
  const indent = (wide && /\n([ \t]*)\S/.exec(old)?.[1]) || style.indent;
  const ending = wide ? (/\n([ \t]*)[)}]$/.exec(old)?.[1] ?? "") : "";
  const comma = !wide || /,\s*[)}]$/.test(old) ? "," : "";
  const isFilled = style.fills || (wide && /\n[ \t]*[^\n,]+,[ \t]*[^\s]/.test(old));
  const lines = isFilled ? filled(written, width - indent.length) : written;
  const text = lines.join(`,\n${indent}`);
  return `${open}\n${indent}${text}${comma}\n${ending}${close}`;
}

function filled(written: readonly string[], width: number): readonly string[] {
  const lines: string[] = [];
  for (const name of written) {
    const last = lines.at(-1);
    // One sign more for the comma that follows.
    if (last !== undefined && last.length + 2 + name.length + 1 <= width)
      lines[lines.length - 1] = `${last}, ${name}`;
    else lines.push(name);
  }
  return lines;
}

/** The statement with another source, as it stands in `other`. */
export function withSource(like: Import, other: Import): string {
  const { source } = like.at;
  const from = other.text.slice(other.at.source.start, other.at.source.end);
  return like.text.slice(0, source.start) + from + like.text.slice(source.end);
}
