import type { OutputShape } from "../core/model.ts";
import { outputSchema } from "./json-schema.ts";

/** The shape of a reply told as a message, for a model that takes no schema. */
export function inWords({ name, schema }: OutputShape): string {
  const shape = JSON.stringify(outputSchema(schema));
  return `Reply with JSON only, without any text around it: ${name}, of this JSON Schema:\n${shape}`;
}
