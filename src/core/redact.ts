import { encodingsOf } from "./secret-encodings.ts";

/** Replaces every known secret, also its slices and common encodings, before text leaves Nexus. */
export type Redact = (text: string) => string;

interface Span {
  readonly from: number;
  readonly to: number;
}

const MARK = "[secret]";
/** A slice this long identifies a secret: leaking a key without its first letters is leaking it. */
const SLICE = 12;
/** Shorter values would blacken ordinary words. */
const SHORTEST = 4;
const BASE = 31;
const BUCKETS = 1 << 16;

/** What a secret looks like when nobody told us about it. Each is linear: bounded or without backtracking. */
const PATTERNS: readonly RegExp[] = [
  // Classic tokens, and since 2026 `ghs_` followed by a JWT with its dots, underscores and hyphens.
  /(?<![A-Za-z0-9])gh[pousr]_[A-Za-z0-9._-]{20,}/g,
  /(?<![A-Za-z0-9])github_pat_[A-Za-z0-9_]{20,}/g,
  /(?<![A-Za-z0-9])sk-(?=[A-Za-z_-]{0,64}\d)[A-Za-z0-9_-]{16,}/g,
  /(?<![A-Za-z0-9])AIza[A-Za-z0-9_-]{30,}/g,
  // A quote ends them: in a line of JSON the next field is not part of a key or a password.
  /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----(?:[^"\\]|\\[nr])*?(?:-----END [A-Z ]{0,30}PRIVATE KEY-----|$|(?="|\\[^nr]))/g,
  /(?<=:\/\/)[^\s/:@"]{0,256}:[^\s/@"]{1,512}(?=@)/g,
];

/**
 * A redactor for these secrets: each of them, any twelve characters of it, and both of these in base64, hex,
 * URL encoding and reversed become `[secret]`, as does what has the shape of a key. Linear in the text.
 */
export function createRedactor(secrets: readonly string[]): Redact {
  const forms = secrets
    .filter((secret) => secret.length >= SHORTEST)
    .flatMap((secret) => encodingsOf(secret));
  const findSlices = sliceFinder(forms.filter((form) => form.length >= SLICE));
  const short = [...new Set(forms.filter((form) => form.length < SLICE))];

  return (text) => {
    const spans = [
      ...findSlices(text),
      ...short.flatMap((form) => occurrences(text, form)),
      ...PATTERNS.flatMap((pattern) => matches(text, pattern)),
    ];
    return spans.length === 0 ? text : replaced(text, merged(spans));
  };
}

/** One pass with a rolling hash; only where the hash is known are twelve characters looked up. */
function sliceFinder(forms: readonly string[]): (text: string) => Span[] {
  const slices = new Set<string>();
  const buckets = new Uint8Array(BUCKETS);
  for (const form of forms) {
    for (let at = 0; at + SLICE <= form.length; at++) {
      const slice = form.slice(at, at + SLICE);
      slices.add(slice);
      buckets[bucketOf(hashOf(slice))] = 1;
    }
  }
  if (slices.size === 0) return () => [];

  return (text) => {
    const spans: Span[] = [];
    let hash = hashOf(text.slice(0, SLICE));
    for (let at = 0; at + SLICE <= text.length; at++) {
      if (at > 0) hash = rolled(hash, text.charCodeAt(at - 1), text.charCodeAt(at + SLICE - 1));
      if (buckets[bucketOf(hash)] === 1 && slices.has(text.slice(at, at + SLICE))) {
        extend(spans, at);
      }
    }
    return spans;
  };
}

const HIGHEST = power(SLICE - 1);

function power(exponent: number): number {
  let result = 1;
  for (let step = 0; step < exponent; step++) result = Math.imul(result, BASE);
  return result;
}

function hashOf(text: string): number {
  let hash = 0;
  for (let at = 0; at < text.length; at++) hash = (Math.imul(hash, BASE) + text.charCodeAt(at)) | 0;
  return hash;
}

function rolled(hash: number, leaving: number, entering: number): number {
  return (Math.imul(hash - Math.imul(leaving, HIGHEST), BASE) + entering) | 0;
}

function bucketOf(hash: number): number {
  return (hash ^ (hash >>> 16)) & (BUCKETS - 1);
}

function extend(spans: Span[], at: number): void {
  const last = spans.at(-1);
  if (last && at <= last.to) spans[spans.length - 1] = { from: last.from, to: at + SLICE };
  else spans.push({ from: at, to: at + SLICE });
}

function occurrences(text: string, form: string): Span[] {
  const spans: Span[] = [];
  for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + form.length)) {
    spans.push({ from: at, to: at + form.length });
  }
  return spans;
}

function matches(text: string, pattern: RegExp): Span[] {
  return [...text.matchAll(pattern)].map((match) => ({
    from: match.index,
    to: match.index + match[0].length,
  }));
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
