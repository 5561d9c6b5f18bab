const CLOSING: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

/** Where the bracket that opens at an offset closes, exclusive; the end of the text where it never does. */
export function closedAt(code: string, open: number): number {
  const waiting: string[] = [];
  for (let at = open; at < code.length; at += 1) {
    const closing = CLOSING[code.charAt(at)];
    if (closing) waiting.push(closing);
    else if (code.charAt(at) === waiting.at(-1)) waiting.pop();
    if (waiting.length === 0) return at + 1;
  }
  return code.length;
}

/** Where the block ends that belongs to the line of an offset: before the next line that is not indented deeper. */
export function indentedUntil(code: string, offset: number): number {
  const start = code.lastIndexOf("\n", offset - 1) + 1;
  const own = indentOf(code.slice(start));
  let at = lineEnd(code, closedLine(code, offset));
  while (at < code.length) {
    const end = lineEnd(code, at + 1);
    const line = code.slice(at + 1, end);
    if (line.trim() !== "" && indentOf(line) <= own) break;
    at = end;
  }
  return at;
}

/** A head may go over several lines, in brackets. */
function closedLine(code: string, offset: number): number {
  const end = lineEnd(code, offset);
  const open = code.slice(offset, end).search(/[([{]/);
  if (open < 0) return offset;
  const closed = closedAt(code, offset + open);
  return closed >= code.length ? offset : closed;
}

function lineEnd(code: string, from: number): number {
  const end = code.indexOf("\n", from);
  return end < 0 ? code.length : end;
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

/** Where a statement ends that begins at an offset: brackets are kept whole, and so are chains over several lines. */
export function statementEnd(code: string, start: number): number {
  let at = start;
  while (at < code.length) {
    const letter = code.charAt(at);
    if (letter in CLOSING) {
      at = closedAt(code, at);
      continue;
    }
    if (";)]}".includes(letter)) break;
    if (letter === "\n" && !/^\s*(?:[.?]|&&|\|\||and\b|or\b)/.test(code.slice(at, at + 200))) break;
    at += 1;
  }
  return at;
}
