const ESC = 0x1b;
const BELL = 0x07;
const NEWLINE = 0x0a;
const BACKSLASH = 0x5c;
/** The first byte of a C1 control character in UTF-8. */
const C1 = 0xc2;
/** DCS, SOS, OSC, PM and APC, by the byte after the escape and by the second of their character. */
const AFTER_ESC = new Set(Buffer.from("PX]^_"));
const AFTER_C1 = new Set([0x90, 0x98, 0x9d, 0x9e, 0x9f]);
const STRING_END = 0x9c;

/** Beyond this a string is taken for one that nobody closes. */
const LONGEST = 4_096;

/**
 * What programs at a terminal write, without the strings by which they reach past its screen: clipboard,
 * title, links, devices. Cursor and colours stay. Chunks may be cut anywhere.
 */
export function createTerminalFilter(): (chunk: Buffer) => Buffer {
  let before: number | undefined;
  /** Of the string that is left out; below zero outside of any. */
  let length = -1;

  const opens = (byte: number) =>
    (before === ESC && AFTER_ESC.has(byte)) || (before === C1 && AFTER_C1.has(byte));
  const closes = (byte: number) =>
    byte === BELL ||
    byte === NEWLINE ||
    (before === ESC && byte === BACKSLASH) ||
    (before === C1 && byte === STRING_END);

  function skip(byte: number): number[] {
    const isOver = closes(byte) || length > LONGEST;
    length = isOver ? -1 : length + 1;
    before = isOver ? undefined : byte;
    return byte === NEWLINE ? [byte] : [];
  }

  function take(byte: number): number[] {
    if (opens(byte)) {
      length = 0;
      before = undefined;
      return [];
    }
    // Held back until it is known what it begins.
    const isHeld = byte === ESC || byte === C1;
    const held = before === undefined ? [] : [before];
    before = isHeld ? byte : undefined;
    return isHeld ? held : [...held, byte];
  }

  return (chunk) =>
    Buffer.from([...chunk].flatMap((byte) => (length >= 0 ? skip(byte) : take(byte))));
}
