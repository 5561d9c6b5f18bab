import type { JsonSchema } from "./json-schema.ts";

/** What OpenAI's strict mode knows; a schema with anything else is only a wish there. */
const KNOWN = new Set([
  "type",
  "properties",
  "required",
  "additionalProperties",
  "items",
  "enum",
  "const",
  "anyOf",
  "description",
  "title",
  "pattern",
  "minimum",
  "maximum",
  "minItems",
  "maxItems",
]);

/** Whether OpenAI can hold a model to the schema: closed objects all of whose properties are required. */
export function strictness(schema: JsonSchema): boolean {
  return schema.type === "object" && isStrict(schema);
}

function isStrict(schema: unknown): boolean {
  if (typeof schema !== "object" || schema === null) return false;
  const { type, properties, required, additionalProperties, items, anyOf } = schema as JsonSchema;
  if (Object.keys(schema).some((key) => !KNOWN.has(key))) return false;
  if (type === "object" && !isClosed({ properties, required, additionalProperties })) return false;
  const parts = [
    ...(isRecord(properties) ? Object.values(properties) : []),
    ...(items === undefined ? [] : [items]),
    ...(Array.isArray(anyOf) ? anyOf : []),
  ];
  return parts.every(isStrict);
}

function isClosed({ properties, required, additionalProperties }: JsonSchema): boolean {
  if (additionalProperties !== false || !isRecord(properties)) return false;
  const names = Object.keys(properties);
  return Array.isArray(required) ? names.every((name) => required.includes(name)) : !names.length;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
