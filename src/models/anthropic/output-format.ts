import { transformJSONSchema } from "@anthropic-ai/sdk/lib/transform-json-schema";
import type { OutputShape } from "../../core/model.ts";
import { type JsonSchema, outputSchema } from "../json-schema.ts";

/** The schema as Anthropic holds a model to it, or undefined where it cannot. */
export function outputFormat({ schema }: OutputShape): JsonSchema | undefined {
  const wanted = outputSchema(schema);
  if (hasOpenParts(wanted)) return undefined;
  try {
    return { ...transformJSONSchema(wanted) };
  } catch {
    // The SDK refuses what has no type.
    return undefined;
  }
}

/** Objects would be closed, and then nothing could be in a record; references would lead nowhere. */
function hasOpenParts(schema: unknown): boolean {
  if (typeof schema !== "object" || schema === null) return false;
  const { additionalProperties: rest } = schema as JsonSchema;
  if ((rest !== undefined && rest !== false) || "$ref" in schema) return true;
  return Object.values(schema).some(hasOpenParts);
}
