/** The first and the last half of a text that may be endless. */
export interface KeptText {
  take(text: string): void;
  /** Whether with this text, too, nothing would be left out. */
  fits(text: string): boolean;
  text(): string;
}

/** Keeps about `maxBytes` of UTF-8, cut between characters. */
export function keepText(maxBytes: number): KeptText {
  const half = Math.ceil(maxBytes / 2);
  const head: Buffer[] = [];
  let headBytes = 0;
  let tail: Buffer[] = [];
  let tailBytes = 0;
  let dropped = 0;

  // Only now and then, so that a flood of small pieces is not copied again with each of them.
  function shrink(): void {
    const all = Buffer.concat(tail);
    const from = startOfCharacter(all, Math.max(0, all.length - half));
    dropped += from;
    tail = [Buffer.from(all.subarray(from))];
    tailBytes = all.length - from;
  }

  return {
    take(text) {
      const bytes = Buffer.from(text);
      let split = 0;
      if (tailBytes === 0 && dropped === 0 && headBytes < half) {
        split = endOfCharacter(bytes, Math.min(bytes.length, half - headBytes));
        head.push(Buffer.from(bytes.subarray(0, split)));
        headBytes += split;
      }
      if (split === bytes.length) return;
      tail.push(bytes.subarray(split));
      tailBytes += bytes.length - split;
      if (tailBytes > 4 * half) shrink();
    },
    fits: (text) => dropped === 0 && tailBytes + headBytes + Buffer.byteLength(text) <= 2 * half,
    text() {
      if (headBytes + tailBytes > 2 * half) shrink();
      const before = Buffer.concat(head).toString();
      const after = Buffer.concat(tail).toString();
      if (dropped === 0) return before + after;
      return `${before}\n… ${dropped} bytes left out …\n${after}`;
    },
  };
}

function startOfCharacter(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && isInside(bytes, at)) at += 1;
  return at;
}

function endOfCharacter(bytes: Buffer, from: number): number {
  let at = from;
  while (at > 0 && at < bytes.length && isInside(bytes, at)) at -= 1;
  return at;
}

/** Whether a byte goes on with the character before it. */
function isInside(bytes: Buffer, at: number): boolean {
  return ((bytes[at] ?? 0) & 0xc0) === 0x80;
}
