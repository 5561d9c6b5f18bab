import { isArray, type Json, type JsonObject, objectOf, readJson } from "../json/json.ts";

/** One cell with what it is compared by. */
export interface Cell {
  readonly id: string | undefined;
  readonly type: string;
  readonly source: string;
  readonly value: JsonObject;
}

/** A notebook of format 4. */
export interface Notebook {
  readonly value: JsonObject;
  readonly cells: readonly Cell[];
  /** Its minor version: since 5 cells have ids. */
  readonly minor: number;
}

/** Reads a notebook; undefined where it is none of format 4. */
export function readNotebook(text: string): Notebook | undefined {
  const value = objectOf(readJson(text));
  const cells = value?.get("cells");
  if (!value || !isArray(cells) || numberOf(value.get("nbformat")) !== 4) return undefined;
  const read = cells.map(cellOf);
  const whole = read.filter((cell) => cell !== undefined);
  const ids = whole.flatMap(({ id }) => id ?? []);
  if (whole.length < cells.length || new Set(ids).size < ids.length) return undefined;
  return { value, cells: whole, minor: numberOf(value.get("nbformat_minor")) ?? 0 };
}

/** The source of a cell as its value says it: one text, or the list of its lines. */
export function sourceValue(source: string, like: Json | undefined): Json {
  return isArray(like) ? (source.match(/[^\n]*\n|[^\n]+/g) ?? []) : source;
}

function cellOf(json: Json): Cell | undefined {
  const value = objectOf(json);
  const type = value?.get("cell_type");
  const source = textOf(value?.get("source"));
  const id = value?.get("id");
  if (!value || typeof type !== "string" || source === undefined) return undefined;
  return { id: typeof id === "string" ? id : undefined, type, source, value };
}

function textOf(value: Json | undefined): string | undefined {
  if (typeof value === "string") return value;
  if (!isArray(value) || !value.every((line) => typeof line === "string")) return undefined;
  return value.join("");
}

function numberOf(value: Json | undefined): number | undefined {
  const object =
    value !== null && typeof value === "object" && "number" in value ? value : undefined;
  return object === undefined ? undefined : Number(object.number);
}
