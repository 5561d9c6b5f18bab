import { z } from "zod";
import type { ModelRequest, ToolDefinition } from "./model.ts";

/** The JSON text of a value with sorted keys: what holds the same is the same text, wherever it was kept. */
export function canonicalText(value: unknown): string {
  return JSON.stringify(value, sorted) ?? "null";
}

/** A tool as vendors are told of it, in plain values. */
export function plainTool({ name, description, input }: ToolDefinition): unknown {
  return [name, description, shapeOf(input)];
}

/** What is said of the reply that is wanted, in plain values. */
export function plainAnswer({ mustCall, output }: ModelRequest): unknown {
  return [mustCall, output && [output.name, shapeOf(output.schema)]];
}

/** The JSON Schema of what is to come in. */
export function shapeOf(schema: z.ZodType): unknown {
  return z.toJSONSchema(schema, { unrepresentable: "any", io: "input" });
}

function sorted(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
