import { closedAt } from "./extents.ts";
import type { Frame, Stretch } from "./frames.ts";
import type { Family } from "./test-files.ts";

/** What a failed assertion is, to each family that can tell errors apart. */
const CATCHES: Partial<Readonly<Record<Family, RegExp>>> = {
  python: /^\s*except\s*(?::|\(?[^\n]*\b(?:Exception|BaseException|AssertionError)\b)/,
  ruby: /^\s*rescue(?:\s*$|[^\n]*\b(?:Exception|StandardError|Assertion\w*|ExpectationNotMetError)\b)/m,
  java: /Throwable|Assertion\w*|\bError\b|\bException\b|^\s*$/,
  php: /Throwable|\\?Exception\b|Assertion\w*|ExpectationFailed\w*/,
};
const TOLD =
  /\b(?:throw|raise|panic|fail\w*|assert\w*|expect|reject|refute|flunk|XCTFail|done|process\.exit)\b|\b[tbf]\.(?:Error|Fatal|Fail)/;
const LETS_PASS =
  /\bsuppress\s*\(|\bcatch_unwind\s*\(|\bassertRaises\s*\(\s*(?:AssertionError|Exception)\b/;

interface Inside extends Stretch {
  readonly family: Family;
}

/** Whether a failure would be caught on its way up, and nobody told. */
export function isSwallowed(placed: Inside, frames: readonly Frame[]): boolean {
  return frames.some((frame) => {
    if (LETS_PASS.test(frame.head)) return true;
    if (!frame.isBlock || !/(?:^|\s)(?:try|begin|do)\s*:?$/.test(frame.head)) return false;
    const caught = placed.byIndentation ? clauseBelow(placed, frame) : clauseBehind(placed, frame);
    return caught !== undefined && !TOLD.test(caught);
  });
}

/** The body of the `catch` that takes a failed assertion. */
function clauseBehind({ code, family }: Inside, frame: Frame): string | undefined {
  const end = frame.end();
  const clause = /^\s*catch\b([^{]*)\{/.exec(code.slice(end, end + 500));
  if (!clause) return undefined;
  const catches = CATCHES[family];
  if (catches && !catches.test(clause[1] ?? "")) return undefined;
  const open = end + clause[0].length - 1;
  return code.slice(open, closedAt(code, open));
}

function clauseBelow({ code, family, to }: Inside, frame: Frame): string | undefined {
  const end = frame.end();
  const indent = indentOf(code.slice(frame.start, end));
  const lines = code.slice(end, to).split("\n").slice(1);
  const over = lines.findIndex((one) => isBelow(one, indent) && !CLAUSE.test(one));
  const clauses = over < 0 ? lines : lines.slice(0, over);
  const at = clauses.findIndex((one) => indentOf(one) === indent && CATCHES[family]?.test(one));
  if (at < 0) return undefined;
  const after = clauses.slice(at + 1);
  const next = after.findIndex((one) => isBelow(one, indent));
  const inline = family === "python" ? (clauses[at]?.split(":").slice(1).join(":") ?? "") : "";
  return [inline, ...(next < 0 ? after : after.slice(0, next))].join("\n");
}

const CLAUSE = /^\s*(?:except|rescue|else|finally|ensure)\b/;

function isBelow(line: string, indent: number): boolean {
  return line.trim() !== "" && indentOf(line) <= indent;
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}
