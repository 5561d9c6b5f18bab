import { clip } from "./clip.ts";
import { visible } from "./untrusted.ts";

const MARK = /<(?=\s*\/?\s*data\b)/gi;

/** Hostile text between marks that it cannot forge, without invisible characters and at most about `limit` long. */
export function framed(label: string, text: string, limit: number): string {
  const name = visible(label).replace(/["<>\n\t]/g, "_");
  const data = clip(visible(text), limit).replace(MARK, "&lt;");
  return `<data of="${name}">\n${data}\n</data>`;
}
