import type { Redact } from "../src/core/redact.ts";

/** The one way out: every string of a value, at any depth, without secrets. */
export function gate<T>(value: T, redact: Redact): T {
  return walk(value, redact) as T;
}

function walk(value: unknown, redact: Redact): unknown {
  if (typeof value === "string") return redact(value);
  if (Array.isArray(value)) return value.map((entry) => walk(entry, redact));
  if (value === null || typeof value !== "object" || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [key, walk(entry, redact)]),
  );
}
