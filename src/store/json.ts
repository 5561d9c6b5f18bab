import type { z } from "zod";
import { NexusError } from "../core/errors.ts";

/** The one JSON text of a value: keys sorted, so equal values are equal texts. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, sortKeys) ?? "null";
}

function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What a row holds, proven by the schema; `store.corrupt` names the row that does not fit. */
export function parseStored<T>(schema: z.ZodType<T>, value: unknown, row: string): T {
  const { data, error } = schema.safeParse(value);
  if (error) {
    throw new NexusError("store.corrupt", `The record holds something unreadable at ${row}.`, {
      hint: "Was it written by a newer version of Nexus, or changed by hand?",
      cause: error,
    });
  }
  return data;
}
