import type { JsonSchema } from "../json-schema.ts";

/** What Gemini reads of JSON Schema. The rest says how to check a value, and whoever asked checks it. */
const READ = new Set([
  "$ref",
  "type",
  "format",
  "title",
  "description",
  "enum",
  "minItems",
  "maxItems",
  "minimum",
  "maximum",
  "required",
]);
const OF_ONE = new Set(["items", "additionalProperties"]);
const OF_LIST = new Set(["anyOf", "oneOf", "prefixItems"]);
const OF_NAMED = new Set(["properties", "$defs"]);

/** The schema in the words that Gemini reads. */
export function geminiSchema(schema: JsonSchema): JsonSchema {
  return Object.fromEntries(
    Object.entries(schema)
      .map(renamed)
      .flatMap(([key, value]) => readable(key, value)),
  );
}

/** Other words for what Gemini has too. */
function renamed([key, value]: readonly [string, unknown]): readonly [string, unknown] {
  if (key === "const") return ["enum", [value]];
  if (key === "definitions") return ["$defs", value];
  if (key === "items" && Array.isArray(value)) return ["prefixItems", value];
  if (key === "$ref") return [key, String(value).replace("#/definitions/", "#/$defs/")];
  return [key, value];
}

function readable(key: string, value: unknown): [string, unknown][] {
  if (key === "enum") return isPlainChoice(value) ? [[key, value]] : [];
  if (READ.has(key)) return [[key, value]];
  if (OF_ONE.has(key)) return [[key, isSchema(value) ? geminiSchema(value) : value]];
  if (OF_LIST.has(key) && Array.isArray(value)) {
    return [[key, value.filter(isSchema).map(geminiSchema)]];
  }
  if (OF_NAMED.has(key) && isSchema(value)) return [[key, ofEach(value)]];
  return [];
}

function ofEach(schemas: JsonSchema): JsonSchema {
  return Object.fromEntries(
    Object.entries(schemas).map(([name, one]) => [name, isSchema(one) ? geminiSchema(one) : {}]),
  );
}

function isPlainChoice(value: unknown): boolean {
  return (
    Array.isArray(value) && value.every((one) => typeof one === "string" || typeof one === "number")
  );
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
