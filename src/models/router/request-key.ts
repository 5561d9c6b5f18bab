import { createHash } from "node:crypto";
import { z } from "zod";
import type { ModelRequest, ToolDefinition } from "../../core/model.ts";
import { type Candidate, titleOf } from "./candidate.ts";

/** One key for one request to one model: the same where everything that can change the reply is the same. */
export function requestKey(candidate: Candidate, request: ModelRequest): string {
  const { messages, tools, mustCall, output } = request;
  const whole = [
    titleOf(candidate),
    candidate.fingerprint ?? "",
    messages,
    tools.map(describe),
    mustCall,
    output && [output.name, shapeOf(output.schema)],
  ];
  return createHash("sha256").update(JSON.stringify(whole, sorted)).digest("hex");
}

function describe({ name, description, input }: ToolDefinition): unknown {
  return [name, description, shapeOf(input)];
}

function shapeOf(schema: z.ZodType): unknown {
  return z.toJSONSchema(schema, { unrepresentable: "any", io: "input" });
}

function sorted(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
