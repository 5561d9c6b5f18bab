const MOST_CHARACTERS = 2_000_000;
const MOST_LINES = 20_000;
const LONGEST_LINE = 1_000;
const ESC = "\u001B";
const BELL = "\u0007";
/** Colours and the like, and titles of a terminal. */
const ESCAPES = new RegExp(
  `${ESC}(?:\\[[0-9;?]{0,40}[ -/]{0,4}[@-~]|\\][^${BELL}${ESC}]{0,200}(?:${BELL}|${ESC}\\\\)|[@-Z^_])`,
  "g",
);

/** The lines of a log without what colours it: of a long one its beginning and its end, of a long line its beginning. */
export function linesOf(output: string): readonly string[] {
  return ends(output).replaceAll(ESCAPES, "").split(/\r?\n/).filter(isKept).map(shown);
}

/** What a terminal would show of a line that was written over. */
function shown(line: string): string {
  const from = line.lastIndexOf("\r") + 1;
  return line.slice(from, from + LONGEST_LINE).trimEnd();
}

function ends(text: string): string {
  if (text.length <= 2 * MOST_CHARACTERS) return text;
  return `${text.slice(0, MOST_CHARACTERS)}\n${text.slice(-MOST_CHARACTERS)}`;
}

function isKept(_: string, index: number, { length }: readonly string[]): boolean {
  return index < MOST_LINES || index >= length - MOST_LINES;
}
