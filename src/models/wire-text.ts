import { createHash } from "node:crypto";

/** Half a surrogate pair, as cut text has it, is JSON that some vendors refuse. */
export function wireText(text: string): string {
  return text.toWellFormed();
}

/** A model's arguments as text, as it wrote them. Some vendors parse the history, so broken JSON goes back quoted. */
export function wireArguments(input: string): string {
  const text = wireText(input);
  return jsonObject(text) ? text : JSON.stringify(wireInput(input));
}

/** A model's arguments as an object. Vendors want one in the history, so broken JSON goes back quoted. */
export function wireInput(input: string): Record<string, unknown> {
  return jsonObject(wireText(input)) ?? { unreadable: wireText(input) };
}

function jsonObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** The id of a call as every vendor takes it: one from elsewhere may be long or have odd characters. */
export function wireCallId(id: string): string {
  if (/^[A-Za-z0-9_-]{1,64}$/.test(id)) return id;
  return `call_${createHash("sha256").update(id).digest("hex").slice(0, 24)}`;
}
