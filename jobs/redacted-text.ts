import type { Redact } from "../src/core/redact.ts";

/** Takes text in pieces, cut anywhere, and gives it back without secrets. */
export interface RedactedText {
  /** What can be said by now: a line that goes on, or a key that does, waits for its end. */
  take(text: string): string;
  /** What still waits, and nothing waits any more. */
  finish(): string;
}

/** A line may wait until it has this many characters. */
const LONGEST = 65_536;
/** Longer than any secret: what is this far from the end of a long line cannot be a part of one that goes on. */
const OVERLAP = 20_000;
const TRIES = 16;

/** Redacts whole lines, long ones in parts that no secret lies across. */
export function redactedText(redact: Redact): RedactedText {
  let open = "";

  function release(end: number): string {
    const text = open.slice(0, end);
    open = open.slice(end);
    return redact(text);
  }

  return {
    take(text) {
      open += text;
      const end = endOfLines(open);
      const clean = end > 0 ? release(end) : "";
      if (open.length <= LONGEST) return clean;
      return clean + release(placeToCut(open, redact));
    },
    finish: () => release(open.length),
  };
}

const BEGIN = "-----BEGIN ";
const END = "-----END ";

/** Behind the last whole line that is not within a key of several lines. */
function endOfLines(text: string): number {
  const end = text.lastIndexOf("\n") + 1;
  if (end === 0) return 0;
  const begin = text.lastIndexOf(BEGIN, end);
  if (begin < 0 || end - begin > OVERLAP) return end;
  if (text.slice(begin, end).includes(END)) return end;
  return text.lastIndexOf("\n", begin) + 1;
}

// Whether a secret lies across a place is seen by redacting both sides of it: the whole says it otherwise.
function placeToCut(text: string, redact: Redact): number {
  const latest = text.length - OVERLAP;
  const whole = redact(text);
  if (whole === text) return latest;
  const step = Math.floor(latest / TRIES);
  for (let at = latest; at > 0; at -= step) {
    if (redact(text.slice(0, at)) + redact(text.slice(at)) === whole) return at;
  }
  return text.length;
}
