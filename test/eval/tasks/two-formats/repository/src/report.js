import { text } from "./formats/text.js";

const FORMATS = { text };

/** Rows (objects with the same keys) in a format. */
export function report(rows, format) {
  if (!Object.hasOwn(FORMATS, format)) {
    throw new Error(`Unknown format ${format}: ${Object.keys(FORMATS).join(", ")}`);
  }
  return FORMATS[format](rows);
}
