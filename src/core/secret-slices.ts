import { encodingsOf } from "./secret-encodings.ts";
import type { Span } from "./secret-shapes.ts";

/** A slice this long identifies a secret: leaking a key without its first letters is leaking it. */
export const SLICE = 12;
const BASE = 31;
const BUCKETS = 1 << 16;

/**
 * Finds any slice of these secrets and of their encodings. One pass with a rolling hash; only where the
 * hash is known are twelve characters looked up.
 */
export function sliceFinder(secrets: readonly string[]): (text: string) => Span[] {
  const slices = new Set<string>();
  const buckets = new Uint8Array(BUCKETS);
  for (const form of secrets.flatMap(encodingsOf)) {
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
