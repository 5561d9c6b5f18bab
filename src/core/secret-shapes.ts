/** A piece of a text: `from` belongs to it, `to` does not. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** What a secret looks like when nobody told us about it. Each is bounded: an endless one overflows the stack. */
const PATTERNS: readonly RegExp[] = [
  // Classic tokens, and since 2026 `ghs_` followed by a JWT with its dots, underscores and hyphens.
  /(?<![A-Za-z0-9])gh[pousr]_[A-Za-z0-9._-]{20,4096}/g,
  /(?<![A-Za-z0-9])github_pat_[A-Za-z0-9_]{20,4096}/g,
  /(?<![A-Za-z0-9])sk-(?=[A-Za-z_-]{0,64}\d)[A-Za-z0-9_-]{16,4096}/g,
  /(?<![A-Za-z0-9])AIza[A-Za-z0-9_-]{30,4096}/g,
  // A quote ends them: in a line of JSON the next field is not part of a key or a password. The longest
  // keys have less than 16384 characters. Nothing after the body can fail, so nothing is tried again.
  /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----(?:[^"\\-]|\\{1,8}[nr]|-(?!----END)){0,16384}(?:-----END [A-Z ]{0,30}PRIVATE KEY-----)?/g,
  /(?<=:\/\/)[^\s/:@"]{0,256}:[^\s/@"]{1,512}(?=@)/g,
];

/** Where a text holds what has the shape of a key, a token or a password in an address. */
export function shapesIn(text: string): Span[] {
  return PATTERNS.flatMap((pattern) => matches(text, pattern));
}

/** Where a text matches a global pattern. */
export function matches(text: string, pattern: RegExp): Span[] {
  return [...text.matchAll(pattern)].map((match) => ({
    from: match.index,
    to: match.index + match[0].length,
  }));
}
