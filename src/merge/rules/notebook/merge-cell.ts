import type { ConflictedFile } from "../../../core/merge.ts";
import type { Json, JsonObject } from "../json/json.ts";
import { inOrderOf, isSame, mergeValues, withMembers } from "../json/merge-values.ts";
import type { MergeText } from "../rule.ts";
import { type Cell, sourceValue } from "./read-notebook.ts";

/** One cell on all sides. */
export interface ThreeCells {
  readonly base: Cell;
  readonly ours: Cell;
  readonly theirs: Cell;
}

/** How sources are merged, and as files of which language. */
export interface SourceMerge {
  readonly mergeText: MergeText;
  pathOf(cell: Cell): string;
}

/** Why one cell cannot be merged. */
export interface CellRefused {
  readonly refused: string;
  readonly conflict?: ConflictedFile;
}

const RUN = ["outputs", "execution_count"] as const;

/** One cell: its source by texts, what it has put out from the side that changed it, the rest by key. */
export function mergeCell(cells: ThreeCells, at: SourceMerge): JsonObject | CellRefused {
  const { base, ours, theirs } = cells;
  if (ours.type !== theirs.type) return { refused: "both sides made different kinds of one cell" };
  const source = mergeSource(cells, at);
  if (typeof source !== "string") return source;
  const [b, o, t] = [base, ours, theirs].map(restOf);
  const rest = mergeValues({ base: b, ours: o, theirs: t })?.value;
  if (!(rest instanceof Map))
    return { refused: "both sides changed the same entry of a cell's metadata" };
  const run = ours.type === "code" ? runOf(cells) : {};
  const like = ours.value.get("source");
  return inOrderOf(ours.value, withMembers(rest, { ...run, source: sourceValue(source, like) }));
}

function mergeSource(cells: ThreeCells, at: SourceMerge): string | CellRefused {
  const { base, ours, theirs } = cells;
  if (ours.source === theirs.source || theirs.source === base.source) return ours.source;
  if (ours.source === base.source) return theirs.source;
  const texts = { base: base.source, ours: ours.source, theirs: theirs.source };
  const merge = at.mergeText({ path: at.pathOf(ours), ...texts });
  if (merge.kind === "merged") return merge.text;
  return { refused: "both sides edited the same cell", conflict: merge };
}

function restOf({ value }: Cell): JsonObject {
  return withMembers(value, { source: undefined, outputs: undefined, execution_count: undefined });
}

/** What a merged source puts out is not known before it has run. */
function runOf({ base, ours, theirs }: ThreeCells): Readonly<Record<string, Json | undefined>> {
  const oursEdited = ours.source !== base.source;
  const theirsEdited = theirs.source !== base.source;
  if (oursEdited !== theirsEdited) return runIn(oursEdited ? ours : theirs);
  if (sameRun(ours, theirs) || (!oursEdited && sameRun(theirs, base))) return runIn(ours);
  if (!oursEdited && sameRun(ours, base)) return runIn(theirs);
  return { outputs: [], execution_count: null };
}

function runIn({ value }: Cell): Readonly<Record<string, Json | undefined>> {
  return Object.fromEntries(RUN.map((key) => [key, value.get(key)]));
}

function sameRun(one: Cell, other: Cell): boolean {
  return RUN.every((key) => isSame(one.value.get(key), other.value.get(key)));
}

/** True where a cell has nothing but what running it again would bring. */
export function sameButRun(one: Cell, other: Cell): boolean {
  const [a, b] = [one, other].map(({ value }) => value.get("metadata"));
  return one.type === other.type && one.source === other.source && isSame(a, b);
}
