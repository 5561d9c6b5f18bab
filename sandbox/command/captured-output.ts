import { cleanOutput } from "./clean-output.ts";

/** What a command wrote, as much of it as is kept. */
interface Captured {
  readonly text: string;
  readonly truncated: boolean;
}

/** Takes all output of a command and keeps a bounded part of it. */
export interface CapturedOutput {
  take(chunk: Buffer): void;
  finish(): Captured;
}

/**
 * Keeps the first and the last half of `maxBytes`, so that a flood costs no memory and both the beginning
 * and the verdict stay readable. `onText` hears whole lines as they come, at most `maxBytes` in all.
 */
export function captureOutput(maxBytes: number, onText?: (text: string) => void): CapturedOutput {
  const half = Math.ceil(maxBytes / 2);
  const head: Buffer[] = [];
  let headBytes = 0;
  let tail = Buffer.alloc(0);
  let dropped = 0;
  const lines = lineFeeder(maxBytes, onText);

  return {
    take(chunk) {
      lines.take(chunk);
      const first = chunk.subarray(0, Math.max(0, half - headBytes));
      if (first.length > 0) head.push(Buffer.from(first));
      headBytes += first.length;
      if (first.length === chunk.length) return;

      const rest = Buffer.concat([tail, chunk.subarray(first.length)]);
      const surplus = Math.max(0, rest.length - half);
      dropped += surplus;
      tail = Buffer.from(rest.subarray(surplus));
    },
    finish() {
      lines.finish();
      if (dropped === 0) {
        return { text: cleanOutput(Buffer.concat([...head, tail]).toString()), truncated: false };
      }
      const before = cleanOutput(Buffer.concat(head).toString());
      const after = cleanOutput(tail.toString());
      const gap = `\n… ${dropped} bytes left out …\n`;
      return { text: before + gap + after, truncated: true };
    },
  };
}

// Escapes and characters do not straddle lines, so whole lines can be cleaned one after the other.
function lineFeeder(maxBytes: number, onText: ((text: string) => void) | undefined) {
  let open: Buffer = Buffer.alloc(0);
  let left = maxBytes;
  return {
    take(chunk: Buffer) {
      if (!onText || left <= 0) return;
      const text = Buffer.concat([open, chunk.subarray(0, left)]);
      left -= Math.min(left, chunk.length);
      const end = text.lastIndexOf(0x0a) + 1;
      if (end > 0) onText(cleanOutput(text.toString("utf8", 0, end)));
      open = Buffer.from(text.subarray(end));
    },
    finish() {
      if (onText && open.length > 0) onText(cleanOutput(open.toString()));
    },
  };
}
