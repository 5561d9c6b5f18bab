import { stripVTControlCharacters } from "node:util";

const ESC = "\u001b";
const BELL = "\u0007";
const STRING_OPENERS = "\u0090\u0098\u009d\u009e\u009f";
const STRING_END = "\u009c";

// What was opened and never closed. Node's own pattern would look for the end of each through all the rest.
const OPENING = new RegExp(`${ESC}[PX^_\\]]`, "gu");
// String sequences (DCS, SOS, PM, APC, OSC) with their payload, which a terminal would not show as text.
// Neither another opening nor an escape is payload, so a flood of openings is read once, not again for each.
const STRINGS = new RegExp(
  `(?:${ESC}[PX^_\\]]|[${STRING_OPENERS}])[^${BELL}${ESC}${STRING_OPENERS}${STRING_END}]*(?:${BELL}|${ESC}\\\\|${STRING_END})`,
  "gu",
);
const CONTROLS = /[^\P{Cc}\t\n]/gu;
const BIDI = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/**
 * Output of a command as plain text: no escapes, no control characters but tab and newline, nothing that
 * turns the direction of reading. A line rewritten in place shows what it said last, as on a terminal.
 */
export function cleanOutput(text: string): string {
  const lines = stripVTControlCharacters(text.replace(STRINGS, "").replace(OPENING, ""))
    .replaceAll("\r\n", "\n")
    .split("\n");
  return lines.map(lastWording).join("\n").replace(CONTROLS, "").replace(BIDI, "");
}

// Progress bars return to the start of the line; only their last state is of interest.
function lastWording(line: string): string {
  if (!line.includes("\r")) return line;
  return line.split("\r").findLast((part) => part !== "") ?? "";
}
