import { type Span, shapesIn } from "./secret-shapes.ts";
import { SLICE, sliceFinder } from "./secret-slices.ts";
import { wordFinder } from "./secret-words.ts";

/** Replaces every known secret, also its slices and common encodings, before text leaves Nexus. */
export type Redact = (text: string) => string;

interface RedactorOptions {
  /**
   * Whether what has the shape of a key goes too, known or not; it does where this is not given. Not for
   * text that becomes code: a password in an example is no secret of ours, and without it the example is broken.
   */
  readonly shapes?: boolean;
}

const MARK = "[secret]";
/** Shorter values would blacken ordinary words. */
const SHORTEST = 8;
/** What people write where a value is asked for and none is needed, or never changed. Everybody knows them. */
const KNOWN_TO_ALL =
  /^(?:postgres|postgresql|password|changeme|change-me|development|localhost|placeholder|lm-studio|not-needed|not-required|(?:sk-)?no-key(?:-required|-needed)?)$/i;

/**
 * A redactor for these secrets: each of them, any twelve characters of it, and both of these in base64, hex,
 * URL encoding and reversed become `[secret]`, as does what has the shape of a key. A secret shorter than
 * twelve characters goes only as a whole word, one shorter than eight stays. Linear in the text.
 */
export function createRedactor(
  secrets: readonly string[],
  { shapes = true }: RedactorOptions = {},
): Redact {
  const real = secrets.filter((one) => one.length >= SHORTEST && !KNOWN_TO_ALL.test(one));
  const findSlices = sliceFinder(real.filter(isLong));
  const findWords = wordFinder(real.filter((secret) => !isLong(secret)));

  return (text) => {
    const known = [...findSlices(text), ...findWords(text)];
    const spans = shapes ? [...known, ...shapesIn(text)] : known;
    return spans.length === 0 ? text : replaced(text, merged(spans));
  };
}

function isLong(secret: string): boolean {
  return secret.length >= SLICE;
}

function merged(spans: readonly Span[]): Span[] {
  const result: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last && span.from <= last.to) {
      result[result.length - 1] = { from: last.from, to: Math.max(last.to, span.to) };
    } else result.push(span);
  }
  return result;
}

function replaced(text: string, spans: readonly Span[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const { from, to } of spans) {
    parts.push(text.slice(at, from), MARK);
    at = to;
  }
  parts.push(text.slice(at));
  return parts.join("");
}
