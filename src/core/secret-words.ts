import { packingsOf, spellingsOf } from "./secret-encodings.ts";
import { matches, type Span } from "./secret-shapes.ts";

/**
 * Finds secrets that are short enough to be part of ordinary words: as whole words only, and packed in hex
 * or base64, which have no words, anywhere.
 */
export function wordFinder(secrets: readonly string[]): (text: string) => Span[] {
  const words = [...new Set(secrets.flatMap(spellingsOf))].map(wordPattern);
  const packed = [...new Set(secrets.flatMap(packingsOf))];
  return (text) => [
    ...words.flatMap((word) => matches(text, word)),
    ...packed.flatMap((form) => occurrences(text, form)),
  ];
}

const WORD = "[\\p{L}\\p{N}_]";
/** In escaped text the letter before a word may be the end of an escape, such as a line break's. */
const ESCAPE = "\\\\[bfnrt]|\\\\u[0-9a-fA-F]{4}|%[0-9a-fA-F]{2}";

/** No word goes on at either end; a sign at the end of a secret is an edge by itself. */
function wordPattern(form: string): RegExp {
  const exact = form.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
  const before = new RegExp(`^${WORD}`, "u").test(form) ? `(?:(?<!${WORD})|(?<=${ESCAPE}))` : "";
  const after = new RegExp(`${WORD}$`, "u").test(form) ? `(?!${WORD})` : "";
  return new RegExp(`${before}${exact}${after}`, "gu");
}

function occurrences(text: string, form: string): Span[] {
  const spans: Span[] = [];
  for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + form.length)) {
    spans.push({ from: at, to: at + form.length });
  }
  return spans;
}
