import { stripVTControlCharacters } from "node:util";

// String sequences (DCS, SOS, PM, APC, OSC) with their payload, which a terminal would not show as text.
// Neither another opening nor an escape is payload, so a flood of openings is read once and not again for each.
const STRINGS =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed
  /(?:\u001b[PX^_\]]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u0090\u0098\u009c-\u009f]*(?:\u0007|\u001b\\|\u009c)/gu;
// What was opened and never closed. Node's own pattern would look for the end of each through all the rest.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed
const OPENINGS = /\u001b[PX^_\]]/gu;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/gu;
const BIDI = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/**
 * Output of a command as plain text: no escapes, no control characters but tab and newline, nothing that
 * turns the direction of reading. A line rewritten in place shows what it said last, as on a terminal.
 */
export function cleanOutput(text: string): string {
  const lines = stripVTControlCharacters(text.replace(STRINGS, "").replace(OPENINGS, ""))
    .replaceAll("\r\n", "\n")
    .split("\n");
  return lines.map(lastWording).join("\n").replace(CONTROLS, "").replace(BIDI, "");
}

// Progress bars return to the start of the line; only their last state is of interest.
function lastWording(line: string): string {
  if (!line.includes("\r")) return line;
  return line.split("\r").findLast((part) => part !== "") ?? "";
}
