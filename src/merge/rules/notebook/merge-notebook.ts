import type { FileMerge, HunkReport, Sides } from "../../../core/merge.ts";
import { conflictWhole } from "../conflict-whole.ts";
import { indentOf } from "../json/indentation.ts";
import { type JsonObject, objectOf, writeJson } from "../json/json.ts";
import { inOrderOf, mergeValues, withMembers } from "../json/merge-values.ts";
import type { MergeText } from "../rule.ts";
import { type Group, stretchesOf, type Three } from "../three-way.ts";
import { type CellRefused, mergeCell, type SourceMerge, sameButRun } from "./merge-cell.ts";
import { type NamedCell, nameCells, namesOfBase } from "./pair-cells.ts";
import { type Cell, type Notebook, readNotebook } from "./read-notebook.ts";

/**
 * A Jupyter notebook by its cells, written as ours is. What cells have put out decides nothing. Cells that both
 * sides added at one place, and cells whose edits cannot be joined, are a conflict over the whole file.
 */
export function mergeNotebook(sides: Sides, mergeText: MergeText): FileMerge {
  const [base, ours, theirs] = [sides.base, sides.ours, sides.theirs].map(readNotebook);
  if (!base || !ours || !theirs) return conflictWhole(sides, "a side is no notebook of format 4");
  const indent = indentOf(sides.ours, ours.value);
  if (indent === undefined)
    return conflictWhole(sides, "the notebook is laid out as no notebook program does");
  const merged = mergeRead({ base, ours, theirs }, mergeText);
  if ("refused" in merged) return conflictWhole(sides, merged.refused);
  const end = sides.ours.slice(sides.ours.trimEnd().length);
  return { kind: "merged", text: writeJson(merged.value, indent) + end, hunks: [REPORT] };
}

const REPORT: HunkReport = {
  stage: "rule",
  line: 1,
  why: "the cells of both sides are kept; what they put out is of the side that changed them",
  confidence: "proven",
};

interface ThreeNotebooks {
  readonly base: Notebook;
  readonly ours: Notebook;
  readonly theirs: Notebook;
}

function mergeRead(
  sides: ThreeNotebooks,
  mergeText: MergeText,
): { readonly value: JsonObject } | CellRefused {
  const { base, ours, theirs } = sides;
  const [b, o, t] = [base, ours, theirs].map(({ value }) =>
    withMembers(value, { cells: undefined, nbformat_minor: undefined }),
  );
  const rest = objectOf(mergeValues({ base: b, ours: o, theirs: t })?.value);
  if (!rest) return { refused: "both sides changed the same entry of the notebook's metadata" };
  const named = nameAll(sides);
  if (!named) return { refused: "it cannot be told which cells are the same" };
  const pathOf = pathsOf(rest);
  const cells = mergeCells(named, { mergeText, pathOf });
  if ("refused" in cells) return cells;
  const newest = ours.minor >= theirs.minor ? ours : theirs;
  if (newest.minor >= 5 && !cells.every((cell) => typeof cell.get("id") === "string"))
    return { refused: "cells without an id would stand among cells that have one" };
  const minor = newest.value.get("nbformat_minor");
  const whole = withMembers(rest, { cells, nbformat_minor: minor });
  return { value: inOrderOf(ours.value, whole) };
}

function nameAll({ base, ours, theirs }: ThreeNotebooks): Three<NamedCell> | undefined {
  const all = [...base.cells, ...ours.cells, ...theirs.cells];
  const hasIds = all.every(({ id }) => id !== undefined);
  const plain = (side: Notebook) =>
    hasIds ? side : { ...side, cells: side.cells.map((cell) => ({ ...cell, id: undefined })) };
  const [first, second] = [ours, theirs].map((side) => nameCells(plain(base), plain(side)));
  return first && second && { base: namesOfBase(base, hasIds), ours: first, theirs: second };
}

function mergeCells(sides: Three<NamedCell>, at: SourceMerge): readonly JsonObject[] | CellRefused {
  const order = orderOf(sides);
  if ("refused" in order) return order;
  const [base, ours, theirs] = [sides.base, sides.ours, sides.theirs].map(
    (side) => new Map(side.map(({ name, cell }) => [name, cell])),
  );
  const cellsOf = (name: string) => ({
    base: base?.get(name),
    ours: ours?.get(name),
    theirs: theirs?.get(name),
  });
  const gone = sides.base.filter(({ name }) => !order.includes(name));
  if (gone.some(({ name }) => isEdited(cellsOf(name))))
    return { refused: "one side took away a cell that the other one edited" };
  const merged: JsonObject[] = [];
  for (const name of order) {
    const cell = mergeNamed(cellsOf(name), at);
    if ("refused" in cell) return cell;
    merged.push(cell);
  }
  return merged;
}

function orderOf(sides: Three<NamedCell>): readonly string[] | CellRefused {
  const order: string[] = [];
  for (const stretch of stretchesOf(sides, ({ name }) => name)) {
    const cells = "kept" in stretch ? stretch.kept : settle(stretch);
    if ("refused" in cells) return cells;
    order.push(...cells.map(({ name }) => name));
  }
  return new Set(order).size < order.length ? { refused: "a cell was moved" } : order;
}

function isEdited({ base, ours, theirs }: MaybeCells): boolean {
  const left = ours ?? theirs;
  return base !== undefined && left !== undefined && !sameButRun(left, base);
}

interface MaybeCells {
  readonly base: Cell | undefined;
  readonly ours: Cell | undefined;
  readonly theirs: Cell | undefined;
}

function mergeNamed({ base, ours, theirs }: MaybeCells, at: SourceMerge): JsonObject | CellRefused {
  if (ours && theirs && base) return mergeCell({ base, ours, theirs }, at);
  if (ours && theirs && !sameButRun(ours, theirs))
    return { refused: "both sides added different cells under one id" };
  return (ours ?? theirs)?.value ?? { refused: "a cell is gone on both sides" };
}

function settle(group: Group<NamedCell>): readonly NamedCell[] | CellRefused {
  const { ours, theirs, ourEdits, theirEdits } = group;
  if (ourEdits.length === 0) return theirs;
  const namesOf = (cells: readonly NamedCell[]) => cells.map(({ name }) => name).join("\n");
  if (theirEdits.length === 0 || namesOf(ours) === namesOf(theirs)) return ours;
  return { refused: "both sides added or took away cells at one place" };
}

/** Cells are merged as files of their language, so that what is known of it is used. */
function pathsOf(notebook: JsonObject): (cell: Cell) => string {
  const info = objectOf(objectOf(notebook.get("metadata"))?.get("language_info"));
  const extension = info?.get("file_extension");
  const isSafe = typeof extension === "string" && /^\.\w{1,8}$/.test(extension);
  const code = isSafe ? `cell${extension}` : "cell.txt";
  return ({ type }) => {
    if (type === "code") return code;
    return type === "markdown" ? "cell.md" : "cell.txt";
  };
}
