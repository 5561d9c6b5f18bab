import type { SyntaxNode } from "../../core/syntax.ts";
import type { Import, Range, ReadImport } from "./import.ts";
import type { ImportLanguage } from "./import-language.ts";

/** Imports that stand together, with nothing but space and comments between them. */
export interface Run extends Range {
  readonly imports: readonly Import[];
}

interface Found extends Range {
  readonly read: ReadImport;
}

/** Every run of imports of one text, in order. */
export function runsIn(root: SyntaxNode, text: string, language: ImportLanguage): readonly Run[] {
  const within = language.within ? language.within(root) : root;
  const groups = grouped(within?.children ?? [], text, language);
  return groups.map((found) => runOf(found, text));
}

function grouped(
  nodes: readonly SyntaxNode[],
  text: string,
  language: ImportLanguage,
): readonly Found[][] {
  const groups: Found[][] = [[]];
  let leading: SyntaxNode | undefined;
  for (const node of nodes) {
    const group = groups.at(-1) ?? [];
    if (isComment(node)) {
      extendOver(node, group.at(-1), text);
    } else if (language.isLeading?.(node)) {
      leading ??= node;
    } else {
      const read = language.read(node, text);
      if (read) group.push({ read, start: leading?.start ?? node.start, end: node.end });
      else groups.push([]);
      leading = undefined;
    }
  }
  return groups.filter((group) => group.length > 0);
}

function isComment({ type }: SyntaxNode): boolean {
  return type.includes("comment");
}

/** A comment on a statement's line speaks of that statement. */
function extendOver(comment: SyntaxNode, last: Found | undefined, text: string): void {
  if (!last || comment.start < last.end) return;
  if (/^[ \t;,]*$/.test(text.slice(last.end, comment.start)))
    Object.assign(last, { end: comment.end });
}

function runOf(found: readonly Found[], text: string): Run {
  const imports = found.map((one, at) => {
    const before = found[at - 1];
    const lead = before ? text.slice(before.end, one.start) : "";
    return importOf(one, lead, text);
  });
  return { start: found[0]?.start ?? 0, end: found.at(-1)?.end ?? 0, imports };
}

function importOf({ read, start, end: last }: Found, lead: string, text: string): Import {
  // Some grammars count the line's end to a comment.
  const end = start + text.slice(start, last).trimEnd().length;
  const shifted = (range: Range) => ({ start: range.start - start, end: range.end - start });
  const at = { source: shifted(read.source), list: read.list && shifted(read.list) };
  const whole = text.slice(start, end);
  return { ...read, text: whole, at, form: formOf(whole, at), lead };
}

/** The statement without source and names, and without what stands between them. */
function formOf(text: string, { source, list }: Import["at"]): string {
  const holes = [{ ...source, mark: "§" }, ...(list ? [{ ...list, mark: "{}" }] : [])];
  let form = "";
  let from = 0;
  for (const { start, end, mark } of holes.toSorted((one, other) => one.start - other.start)) {
    form += text.slice(from, start) + mark;
    from = Math.max(end, from);
  }
  // A path of one segment has no sign before its name.
  return (form + text.slice(from)).replace(/\s+/g, " ").replace("§::", "§");
}
