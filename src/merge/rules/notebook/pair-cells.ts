import { stretchesOf } from "../three-way.ts";
import type { Cell, Notebook } from "./read-notebook.ts";

/** A notebook's cells under names that are the same on all sides for the same cell. */
export interface NamedCell {
  readonly name: string;
  readonly cell: Cell;
}

/**
 * Names the cells of a side after those of the base: by id where all have one, else by what they say; a cell that
 * was replaced by one of its kind at its place is that cell, edited. Undefined where it cannot be told which is which.
 */
export function nameCells(base: Notebook, side: Notebook): readonly NamedCell[] | undefined {
  const hasIds = [...base.cells, ...side.cells].every(({ id }) => id !== undefined);
  if (hasIds) return side.cells.map((cell) => ({ name: `id ${cell.id}`, cell }));
  return nameByContent(base, side);
}

/** The base's own names. */
export function namesOfBase(base: Notebook, hasIds: boolean): readonly NamedCell[] {
  return base.cells.map((cell, at) => ({ name: hasIds ? `id ${cell.id}` : `base ${at}`, cell }));
}

function nameByContent(base: Notebook, side: Notebook): readonly NamedCell[] | undefined {
  const named: NamedCell[] = [];
  let next = 0;
  const sides = { base: base.cells, ours: side.cells, theirs: base.cells };
  for (const stretch of stretchesOf(sides, contentOf)) {
    const isKept = "kept" in stretch;
    const before = base.cells.slice(next, next + (isKept ? stretch.kept : stretch.base).length);
    const names = namesIn(isKept ? stretch.kept : stretch.ours, before, next);
    if (!names) return undefined;
    named.push(...names);
    next += before.length;
  }
  return named;
}

/** Cells that are new, or as many as there were before: then each is the one at its place. */
function namesIn(
  cells: readonly Cell[],
  before: readonly Cell[],
  first: number,
): readonly NamedCell[] | undefined {
  if (before.length === 0) return cells.map((cell) => ({ name: `new ${contentOf(cell)}`, cell }));
  const isSameKind = cells.every(({ type }, at) => type === before[at]?.type);
  if (cells.length > 0 && (cells.length !== before.length || !isSameKind)) return undefined;
  return cells.map((cell, at) => ({ name: `base ${first + at}`, cell }));
}

function contentOf({ type, source }: Cell): string {
  return `${type}\n${source}`;
}
