/** Lines at once, and characters of one line: what is longer is read on from its column. */
export const LINES_AT_ONCE = 400;
const MAX_LINE = 2000;
const WORDS = 240;

/** A stretch of a text: whole lines, of which the last one may be cut off. */
export interface Window {
  /** The bytes from `column` of line `from` on, one character each. */
  readonly bytes: string;
  readonly from: number;
  /** From 1, in bytes. */
  readonly column: number;
  /** True where the bytes end before what was asked for does. */
  readonly isCut: boolean;
  /** The last line that was asked for and is there. */
  readonly to: number;
  /** How many lines the whole text has. */
  readonly lines: number;
}

/** Lines with their numbers as many as there is room for, at least a piece of one; then how to read what is missing. */
export function shownLines(window: Window, room: number): string {
  const { from, lines, column } = window;
  const rows = rowsOf(window);
  const shown: string[] = [];
  let space = room - WORDS;
  for (const [index, row] of rows.entries()) {
    const start = index === 0 ? column : 1;
    const isWhole = index < rows.length - 1 || !window.isCut;
    const most = Math.max(1, Math.min(MAX_LINE, index === 0 ? Math.max(space - 20, 40) : MAX_LINE));
    const line = shownLine(row, { number: from + index, start, isWhole, most });
    space -= line.length + 1;
    if (index > 0 && space < 0) break;
    shown.push(line);
  }
  const last = from + shown.length - 1;
  const rest =
    last < lines
      ? [`[Lines ${from} to ${last} of ${lines}. Read on with "from": ${last + 1}.]`]
      : [];
  return [...shown, ...rest].join("\n");
}

/** A line that was cut off in the middle is shown only where it is the only one. */
function rowsOf({ bytes, isCut }: Window): string[] {
  const rows = bytes.replace(/\n$/, "").split("\n");
  return isCut && rows.length > 1 && !bytes.endsWith("\n") ? rows.slice(0, -1) : rows;
}

interface Line {
  readonly number: number;
  readonly start: number;
  readonly isWhole: boolean;
  /** Bytes. */
  readonly most: number;
}

function shownLine(row: string, { number, start, isWhole, most }: Line): string {
  // What is asked for may begin in the middle of a character, which the piece before has shown.
  const skipped = start === 1 ? 0 : (/^[\x80-\xBF]{0,3}/.exec(row)?.[0].length ?? 0);
  const bytes = row.slice(skipped);
  const head = `${String(number).padStart(6)}\t`;
  if (isWhole && bytes.length <= most) return `${head}${decoded(bytes)}`;
  const end = beforeCharacter(bytes, Math.min(most, bytes.length - 1));
  const next = start + skipped + end;
  return `${head}${decoded(bytes.slice(0, end))}\n[Line ${number} goes on. Read on with "from": ${number}, "to": ${number}, "column": ${next}.]`;
}

/** The nearest place at or before this one where a character begins; the same one where there is none. */
function beforeCharacter(bytes: string, end: number): number {
  for (let at = end; at > Math.max(0, end - 4); at -= 1) {
    if (!/[\x80-\xBF]/.test(bytes.charAt(at))) return at;
  }
  return end;
}

function decoded(bytes: string): string {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  return decoder.decode(Uint8Array.from(bytes, (c) => c.charCodeAt(0)));
}
